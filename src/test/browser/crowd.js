// @ts-check
import { once } from 'node:events';
import { connect } from 'node:net';
import { masked, upgrade } from './raw-frames.js';

/** So many are opened at a time. */
const AT_ONCE = 100;

/** Connections that say who they are, join a room of fifty, and then only answer. */
export class Crowd {
  /** @type {import('node:net').Socket[]} */ #sockets = [];
  #called;

  /** @param {string} called what their names begin with */
  constructor(called) {
    this.#called = called;
  }

  /** @param {string} called @param {number} count @param {URL} server */
  static async of(called, count, server) {
    const crowd = new Crowd(called);
    for (let from = 0; from < count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i);
      await Promise.all(some.map((i) => crowd.#join(i, server)));
    }
    return crowd;
  }

  /** @param {number} i @param {URL} server */
  async #join(i, server) {
    const socket = connect(Number(server.port || 80), server.hostname);
    this.#sockets.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(upgrade(server));
    const connected = new Promise((done, fail) => {
      socket.once('close', () => fail(new Error(`connection ${i} was closed`)));
      let head = '';
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (head.length < 1000) head += text;
        if (head.includes('"connected"')) done(undefined);
        // Pings of both kinds are small and come alone; what they say is sent back.
        if (bytes[0] === 0x89) socket.write(masked(0x8a, bytes.subarray(2, 2 + bytes[1])));
        if (text.includes('"ping"')) socket.write(masked(0x81, Buffer.from('{"type":"pong"}')));
      });
    });
    const hello = { type: 'connect', id: 1, name: `${this.#called}-${i}`, subs: { [`room:c${i % 50}`]: null } };
    socket.write(masked(0x81, Buffer.from(JSON.stringify(hello))));
    await connected;
  }

  end() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
