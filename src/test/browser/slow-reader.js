// @ts-check
import { once } from 'node:events';
import { connect } from 'node:net';
import { masked, upgrade } from './raw-frames.js';

const PAD = 'x'.repeat(16 * 1024);

/** A client that subscribes and then reads nothing any more. */
export class SlowReader {
  #socket;
  /** Resolves once the server has closed it. @type {Promise<unknown>} */ closed;

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    this.closed = new Promise((done) => socket.once('close', done));
    socket.on('error', () => {});
  }

  /** @param {URL} server @param {string} channel @param {string} name */
  static async on(server, channel, name) {
    const socket = connect(Number(server.port || 80), server.hostname);
    await once(socket, 'connect');
    socket.write(upgrade(server));
    await heard(socket, '101');
    const hello = { type: 'connect', id: 1, name, subs: { [channel]: null } };
    socket.write(masked(0x81, Buffer.from(JSON.stringify(hello))));
    await heard(socket, '"connected"');
    socket.pause();
    return new SlowReader(socket);
  }

  /** Reads on. */
  wake() {
    this.#socket.resume();
  }

  end() {
    this.#socket.destroy();
  }
}

/** @param {import('node:net').Socket} socket @param {string} text */
async function heard(socket, text) {
  let all = '';
  while (!all.includes(text)) {
    const [part] = await once(socket, 'data');
    all += part.toString('latin1');
  }
}

/** More than a socket and the server's window hold. @param {URL} server @param {string} channel @param {string} key */
export async function flood(server, channel, key, messages = 200) {
  for (let n = 0; n < messages; n += 20) {
    const batch = Array.from({ length: 20 }, () => ({ channel, data: PAD }));
    const answer = await fetch(new URL('api/publish', server), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}
