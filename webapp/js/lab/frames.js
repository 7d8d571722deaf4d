// @ts-check

/**
 * Frames as RFC 6455 section 5.2 writes them.
 *
 * @typedef {{bytes: Uint8Array, name: string, means: string}} Part
 * @typedef {{parts: Part[], size: number, header: number}} Drawn
 */

/** @type {Record<number, string>} */
export const OPCODES = {
  0x0: 'continuation',
  0x1: 'text',
  0x2: 'binary',
  0x8: 'close',
  0x9: 'ping',
  0xa: 'pong',
};

/**
 * Draws the one frame that a message is.
 *
 * @param {number} opcode
 * @param {Uint8Array} payload
 * @param {Uint8Array | null} mask four bytes in frames of a client, none in those of a server
 * @returns {Drawn}
 */
export function draw(opcode, payload, mask) {
  const parts = [
    part(
      [0x80 | opcode],
      'FIN + opcode',
      `${(0x80 | opcode).toString(2)}: FIN is 1, this frame is the whole message; three reserved ` +
        `bits are 0, no extension is in use; the opcode is ${opcode}, ${OPCODES[opcode] ?? 'unknown'}`,
    ),
    length(payload.length, mask !== null),
  ];
  if (mask) {
    parts.push(
      part(
        mask,
        'masking key',
        'four random bytes; byte i of the payload goes over the wire as its XOR with byte i mod 4 of these',
      ),
    );
  }
  const carried = mask ? masked(payload, mask) : payload;
  parts.push(
    part(
      carried,
      mask ? 'payload, masked' : 'payload',
      payload.length === 0
        ? 'nothing'
        : mask
          ? 'a proxy that does not know WebSocket cannot be made to take this for a request'
          : 'as it is: servers do not mask',
    ),
  );
  const size = parts.reduce((sum, one) => sum + one.bytes.length, 0);
  return { parts, size, header: size - payload.length };
}

/** @param {ArrayLike<number>} bytes @param {string} name @param {string} means @returns {Part} */
function part(bytes, name, means) {
  return { bytes: Uint8Array.from(bytes), name, means };
}

/** @param {number} size @param {boolean} mask @returns {Part} */
function length(size, mask) {
  const bit = mask ? 0x80 : 0;
  const says = `MASK is ${mask ? 1 : 0}, `;
  if (size < 126) {
    return part([bit | size], 'MASK + length', `${says}the payload has ${size} bytes`);
  }
  if (size < 65_536) {
    return part(
      [bit | 126, size >> 8, size & 0xff],
      'MASK + length',
      `${says}126 says that the length, ${size}, stands in the next 2 bytes`,
    );
  }
  const bytes = new Uint8Array(9);
  bytes[0] = bit | 127;
  new DataView(bytes.buffer).setBigUint64(1, BigInt(size));
  return part(
    bytes,
    'MASK + length',
    `${says}127 says that the length, ${size}, stands in the next 8 bytes`,
  );
}

/** @param {Uint8Array} payload @param {Uint8Array} mask @returns {Uint8Array} */
export function masked(payload, mask) {
  return payload.map((byte, i) => byte ^ mask[i % 4]);
}

/** @param {ArrayLike<number>} bytes @param {number} [most] @returns {string} */
export function hex(bytes, most = Infinity) {
  const shown = Array.from(bytes).slice(0, most);
  const text = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > most ? `${text} …` : text;
}

/**
 * Reads bytes that somebody typed: pairs of hex digits, with blanks wherever.
 *
 * @param {string} text
 * @returns {{bytes: Uint8Array} | {mistake: string}}
 */
export function readHex(text) {
  const strange = /[^0-9a-f\s]/i.exec(text);
  if (strange) {
    return { mistake: `Bytes: expected hex digits 0–9 a–f, got “${strange[0]}”` };
  }
  const digits = text.replace(/\s/g, '');
  if (digits.length % 2 === 1) {
    return { mistake: `Bytes: expected two digits for each byte, got ${digits.length} digits` };
  }
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  }
  return { bytes };
}
