// @ts-check
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/**
 * A wire between browser and server that can really be cut: what goes over it is destroyed, and
 * who calls meanwhile is refused. (The browser's own offline switch leaves open WebSockets alone.)
 */
export class Proxy {
  #target;
  #port = 0;
  /** @type {import('node:net').Server | null} */ #server = null;
  /** @type {Set<import('node:net').Socket>} */ #sockets = new Set();

  /** @param {URL} target */
  constructor(target) {
    this.#target = target;
  }

  /** The same address as the target's, over this wire. */
  get url() {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** Lets traffic through, on the same port as before. */
  async mend() {
    const server = createServer((near) => {
      const far = connect(Number(this.#target.port || 80), this.#target.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
    this.#server = server;
  }

  /** Cuts everything and refuses from now on. */
  async cut() {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
