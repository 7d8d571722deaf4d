// @ts-check
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';

/**
 * @typedef {{method: string, path: string, search: URLSearchParams, upgrade: boolean}} Ask
 */

/**
 * What stands between a browser and the server, as proxies do. It can be cut: what goes over it is
 * destroyed, and who calls meanwhile is refused. (A browser's own offline switch leaves open
 * WebSockets alone.) And it can refuse a kind of traffic.
 */
export class Front {
  /** The server behind it; may be another one after a restart. */ target;
  /**
   * Requests that it answers with 403 instead of passing them on.
   *
   * @type {(ask: Ask) => boolean}
   */
  refuses = () => false;
  /**
   * What it answers by itself, in place of the application around Switchboard.
   *
   * @type {Record<string, () => Promise<object>>} JSON by path
   */
  answers = {};
  /** Changes the page. @type {(html: string) => string} */ edits = (html) => html;
  /** What was asked for, as `METHOD path`. @type {string[]} */ asked = [];
  /** The statuses of upgrades. @type {number[]} */ upgrades = [];
  #port = 0;
  /** @type {import('node:http').Server | null} */ #server = null;
  /** @type {Set<import('node:stream').Duplex>} */ #sockets = new Set();

  /** @param {URL} target */
  constructor(target) {
    this.target = target;
  }

  /** @param {URL} target */
  static async before(target) {
    const front = new Front(target);
    await front.mend();
    return front;
  }

  /** The same address as the target's, by this way. */
  get url() {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** Lets traffic through, on the same port as before. */
  async mend() {
    const server = createServer((asked, answer) => this.#pass(asked, answer));
    server.on('upgrade', (asked, socket, head) => this.#upgrade(asked, socket, head));
    server.on('connection', (socket) => this.#hold(socket));
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
    this.hangUp();
    await closed;
  }

  /** Cuts what goes over it now; who calls again gets through. */
  hangUp() {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** @param {import('node:stream').Duplex} socket */
  #hold(socket) {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** @param {import('node:http').IncomingMessage} asked @param {boolean} upgrade */
  #isRefused(asked, upgrade) {
    const { pathname: path, searchParams: search } = new URL(asked.url ?? '', this.target);
    const method = asked.method ?? '';
    this.asked.push(`${upgrade ? 'UPGRADE' : method} ${path}`);
    return this.refuses({ method, path, search, upgrade });
  }

  /**
   * @param {import('node:http').IncomingMessage} asked
   * @param {import('node:http').ServerResponse} answer
   */
  async #pass(asked, answer) {
    const path = asked.url?.split('?')[0] ?? '';
    if (this.#isRefused(asked, false)) {
      answer.writeHead(403, { 'content-type': 'text/plain' }).end('refused on the way');
      return;
    }
    if (this.answers[path]) {
      try {
        const body = JSON.stringify(await this.answers[path]());
        answer.writeHead(200, { 'content-type': 'application/json' }).end(body);
      } catch (failure) {
        answer.writeHead(500, { 'content-type': 'text/plain' }).end(String(failure));
      }
      return;
    }
    const onwards = request(
      {
        host: this.target.hostname,
        port: this.target.port || 80,
        method: asked.method,
        path: asked.url,
        headers: asked.headers,
        agent: false,
      },
      (got) => {
        if (String(got.headers['content-type']).startsWith('text/html')) {
          this.#passPage(got, answer);
          return;
        }
        answer.writeHead(got.statusCode ?? 502, got.headers);
        answer.flushHeaders();
        got.pipe(answer);
        got.on('error', () => answer.destroy());
      },
    );
    onwards.on('socket', (socket) => this.#hold(socket));
    onwards.on('error', () => answer.destroy());
    answer.on('close', () => onwards.destroy());
    asked.pipe(onwards);
  }

  /**
   * @param {import('node:http').IncomingMessage} got
   * @param {import('node:http').ServerResponse} answer
   */
  async #passPage(got, answer) {
    const parts = [];
    for await (const part of got) parts.push(part);
    const html = this.edits(Buffer.concat(parts).toString());
    const { 'content-length': _, etag: __, ...headers } = got.headers;
    answer.writeHead(got.statusCode ?? 502, {
      ...headers,
      'cache-control': 'no-store',
    });
    answer.end(html);
  }

  /**
   * @param {import('node:http').IncomingMessage} asked
   * @param {import('node:stream').Duplex} near @param {Buffer} head
   */
  #upgrade(asked, near, head) {
    if (this.#isRefused(asked, true)) {
      this.upgrades.push(403);
      near.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const far = connect(Number(this.target.port || 80), this.target.hostname);
    this.#hold(far);
    far.once('data', (first) => {
      this.upgrades.push(Number(/^HTTP\/1.1 (\d+)/.exec(first.toString('latin1'))?.[1]));
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    const lines = [`${asked.method} ${asked.url} HTTP/1.1`];
    for (let i = 0; i < asked.rawHeaders.length; i += 2) {
      lines.push(`${asked.rawHeaders[i]}: ${asked.rawHeaders[i + 1]}`);
    }
    far.write(`${lines.join('\r\n')}\r\n\r\n`);
    far.write(head);
    near.pipe(far).pipe(near);
  }
}
