// @ts-check
import { randomBytes } from 'node:crypto';

/** The request that makes a connection speak superchat. @param {URL} server */
export function upgrade(server) {
  return [
    `GET ${server.pathname.replace(/\/$/, '')}/chat HTTP/1.1`,
    `Host: ${server.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: superchat',
    '\r\n',
  ].join('\r\n');
}

/** A frame of a client, of at most 125 bytes. @param {number} first its first byte @param {Uint8Array} payload */
export function masked(first, payload) {
  if (payload.length > 125) throw new Error('too long for this');
  const mask = randomBytes(4);
  const body = payload.map((byte, i) => byte ^ mask[i % 4]);
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length]), mask, body]);
}
