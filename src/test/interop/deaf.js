// @ts-check
// A client that answers no Ping: the measure of how long the others have to be quiet.
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';

/**
 * Resolves when the server has closed it, with the status line of the handshake and the close code.
 * @param {string} address @param {string} subprotocol
 * @returns {Promise<{statusLine: string, code: number}>}
 */
export function deaf(address, subprotocol) {
  const url = new URL(address);
  const socket = connect(Number(url.port || 80), url.hostname);
  socket.write(
    `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    socket.setTimeout(60_000, () => {
      reject(new Error('one that answers no Ping was told nothing and not closed'));
      socket.destroy();
    });
    let bytes = Buffer.alloc(0);
    let statusLine = '';
    socket.on('data', (/** @type {Buffer} */ data) => {
      bytes = Buffer.concat([bytes, data]);
      if (!statusLine) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        statusLine = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
        bytes = bytes.subarray(end + 4);
        if (subprotocol === 'superchat') socket.write(masked('{"type":"connect","id":1}'));
      }
      for (let frame = take(bytes); frame; frame = take(bytes)) {
        bytes = bytes.subarray(frame.size);
        if (frame.opcode === 8) {
          resolve({ statusLine, code: frame.payload.readUInt16BE(0) });
          socket.destroy();
        }
      }
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error(`no close frame after ${JSON.stringify(statusLine)}`)));
  });
}

/** A text frame of at most 125 bytes. @param {string} text */
function masked(text) {
  const mask = randomBytes(4);
  const payload = Buffer.from(text).map((b, i) => b ^ mask[i % 4]);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]);
}

/** The frame at the beginning, when it is there as a whole. @param {Buffer} bytes */
function take(bytes) {
  if (bytes.length < 2) return undefined;
  let length = bytes[1] & 0x7f;
  let at = 2;
  if (length === 126) {
    if (bytes.length < 4) return undefined;
    length = bytes.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return undefined;
    length = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  if (bytes.length < at + length) return undefined;
  return { opcode: bytes[0] & 15, payload: bytes.subarray(at, at + length), size: at + length };
}
