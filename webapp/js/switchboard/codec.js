// @ts-check
// The frames of `superchat`. Bytes are Uint8Array on our side, whatever form they have on the wire.

/** Why something did not happen; what `code` may be is in `index.d.ts`. */
export class SwitchboardError extends Error {
  /** @param {string} code @param {string} message @param {boolean} [retry] may it work later */
  constructor(code, message, retry = false) {
    super(message);
    this.name = 'SwitchboardError';
    this.code = code;
    this.retry = retry;
  }
}

/** What a message must hold for us to rely on it: strings, `#` numbers and `*` lists. */
/** @type {Record<string, string>} */
const NEEDS = {
  connected: 're# heartbeat# session user',
  subscribed: 'offset# channel epoch publications*',
  history: 're# offset# channel epoch publications*',
  presence: 're# channel members*',
  published: 're# at',
  publication: 'channel at',
  joined: 'channel session user',
  left: 'channel session user',
  gap: 'from# to# channel',
  drain: 'after# within#',
  error: 'code',
  bye: 'code#',
};

/** @param {any} value */
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
/** @param {any} value */
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

/**
 * Writes one command. Bytes in `data` make a binary frame, or Base64 where only text can go.
 *
 * @param {Record<string, any>} command
 * @param {boolean} binary whether the transport carries bytes
 * @returns {string | Uint8Array}
 */
export function encode(command, binary = true) {
  const { data } = command;
  if (!(data instanceof Uint8Array)) return JSON.stringify(command);
  if (!binary) return JSON.stringify({ ...command, data: toBase64(data), encoding: 'base64' });
  const header = new TextEncoder().encode(JSON.stringify({ ...command, data: undefined }));
  const frame = new Uint8Array(4 + header.length + data.length);
  new DataView(frame.buffer).setUint32(0, header.length);
  frame.set(header, 4);
  frame.set(data, 4 + header.length);
  return frame;
}

/**
 * Reads a frame of the server. Never throws: what cannot be read is a message of type `malformed`.
 *
 * @param {unknown} frame text, or bytes
 * @returns {any[]} messages in their order
 */
export function decode(frame) {
  try {
    if (typeof frame !== 'string') return [checked(fromBytes(frame))];
    const value = JSON.parse(frame);
    return (Array.isArray(value) ? value : [value]).map((one) => {
      try {
        return checked(one);
      } catch (failure) {
        return malformed(failure);
      }
    });
  } catch (failure) {
    return [malformed(failure)];
  }
}

/** @param {any} failure */
const malformed = (failure) => ({ type: 'malformed', message: String(failure?.message) });

/** @param {any} frame */
function fromBytes(frame) {
  const bytes = frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame;
  if (!(bytes instanceof Uint8Array) || bytes.length < 4) throw new Error('no frame');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (length === 0 || length > bytes.length - 4) throw new Error(`header of ${length} bytes`);
  const header = JSON.parse(
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + length)),
  );
  if (!isObject(header) || 'data' in header) throw new Error('header without payload');
  return { ...header, data: bytes.slice(4 + length) };
}

/** @param {any} message @returns {any} */
function checked(message) {
  if (!isObject(message) || typeof message.type !== 'string') throw new Error('no message');
  if (!Object.hasOwn(NEEDS, message.type)) return message;
  for (const need of NEEDS[message.type].split(' ')) {
    const value = message[need.replace(/\W/, '')];
    const ok = /#/.test(need)
      ? isCount(value)
      : /\*/.test(need)
        ? Array.isArray(value)
        : typeof value === 'string';
    if (!ok) throw new Error(`${message.type}: ${need} is ${JSON.stringify(value)}`);
  }
  if (message.type === 'publication') return publication(message);
  if (message.publications) {
    return { ...message, publications: kept(message.publications) };
  }
  if (message.type === 'connected' && message.subs !== undefined) {
    if (!isObject(message.subs)) throw new Error('connected: subs');
    const subs = Object.entries(message.subs).map(([channel, sub]) => {
      if (!isObject(sub)) throw new Error(`connected.subs: ${channel}`);
      return [channel, checked({ ...sub, channel, type: 'epoch' in sub ? 'subscribed' : 'error' })];
    });
    return { ...message, subs: Object.fromEntries(subs) };
  }
  return message;
}

/** @param {any[]} publications with their places in the log */
function kept(publications) {
  return publications.map((one) => {
    if (!isObject(one) || !isCount(one.offset)) throw new Error('publications: no offset');
    return publication(one);
  });
}

/** @param {any} message */
function publication(message) {
  const { offset, encoding, ...rest } = message;
  if (!('data' in rest)) throw new Error('publication.data: missing');
  if (offset !== undefined && !(isCount(offset) && offset > 0)) {
    throw new Error(`publication.offset: ${JSON.stringify(offset)}`);
  }
  if (encoding === 'base64') rest.data = fromBase64(rest.data);
  else if (encoding !== undefined) throw new Error(`publication.encoding: ${encoding}`);
  return offset === undefined ? rest : { offset, ...rest };
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** @param {string} text */
function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
