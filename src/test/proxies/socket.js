// @ts-check
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

/**
 * Where to call, and from where.
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {number} port
 * @property {boolean} tls
 * @property {string} ca the certificate that is trusted
 * @property {string} [context] the path before `/chat`
 *
 * @typedef {{ [name: string]: string | string[] }} Headers
 * @typedef {{ headers?: Headers, from?: string, method?: string, body?: string }} Asking
 * @typedef {{ opcode: number, payload: Buffer }} Message
 */

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
export const TEXT = 1;
export const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** @param {Target} target */
export const authority = (target) => `chat.example:${target.port}`;

/** The origin of a page behind this proxy. @param {Target} target */
export const origin = (target) => `${target.tls ? 'https' : 'http'}://${authority(target)}`;

/**
 * Begins a request on a connection of its own.
 *
 * @param {Target} target
 * @param {string} path
 * @param {Asking} [asking]
 */
export function request(target, path, { headers = {}, from, method = 'GET', body } = {}) {
  const options = {
    host: '127.0.0.1',
    port: target.port,
    path: (target.context ?? '') + path,
    method,
    localAddress: from,
    agent: false,
    headers: { Host: authority(target), ...headers },
  };
  const asked = target.tls
    ? https.request({ ...options, ca: target.ca, servername: 'chat.example' })
    : http.request(options);
  asked.end(body);
  return asked;
}

/**
 * Asks and reads the whole answer.
 *
 * @param {Target} target
 * @param {string} path
 * @param {Asking} [asking]
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, body: string }>}
 */
export function fetched(target, path, asking) {
  return new Promise((resolve, reject) => {
    request(target, path, asking)
      .on('error', reject)
      .on('upgrade', () => reject(new Error('an upgrade that nobody wanted')))
      .on('response', (response) => {
        let body = '';
        response.setEncoding('utf8').on('error', reject);
        response.on('data', (part) => (body += part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
  });
}

/**
 * A WebSocket that shows what a browser's hides: the answer's headers, Pings, the moment of the cut.
 * It answers Pings unless told otherwise.
 */
export class Socket {
  /** @type {Set<Socket>} */ static #open = new Set();
  /** @type {import('node:net').Socket} */ #socket;
  #rest = Buffer.alloc(0);
  /** @type {Message | null} */ #fragments = null;
  /** @type {Message[]} */ #messages = [];
  /** @type {(() => void)[]} */ #waiting = [];
  /** @type {Error | null} */ #gone = null;
  pings = 0;
  pongs = true;
  /** @type {number | null} */ code = null;
  /** When the connection ended. @type {Promise<number>} */ ended;

  /**
   * @param {import('node:net').Socket} socket
   * @param {http.IncomingHttpHeaders} headers
   * @param {Buffer} head
   */
  constructor(socket, headers, head) {
    this.#socket = socket;
    this.headers = headers;
    Socket.#open.add(this);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => (this.#gone ??= error));
    socket.on('end', () => socket.end());
    this.ended = new Promise((resolve) =>
      socket.on('close', () => {
        Socket.#open.delete(this);
        this.#gone ??= new Error(`the connection has ended, code ${this.code}`);
        this.#wake();
        resolve(Date.now());
      }),
    );
    if (head.length) this.#read(head);
  }

  /** Ends whatever a failed test has left open, which would keep Node from ending. */
  static destroyAll() {
    for (const one of Socket.#open) one.destroy();
  }

  /**
   * Shakes hands, or fails with the refusal.
   *
   * @param {Target} target
   * @param {{ protocol?: string, origin?: string, from?: string, headers?: Headers, path?: string }} [options]
   * @returns {Promise<Socket>}
   */
  static open(target, { protocol, origin, from, headers = {}, path = '/chat' } = {}) {
    const key = randomBytes(16).toString('base64');
    /** @type {Headers} */
    const all = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': key,
      ...headers,
    };
    if (protocol) all['Sec-WebSocket-Protocol'] = protocol;
    if (origin) all.Origin = origin;
    return new Promise((resolve, reject) => {
      request(target, path, { headers: all, from })
        .on('error', reject)
        .on('response', (response) => {
          let body = '';
          response.on('data', (part) => (body += part));
          response.on('end', () =>
            reject(new Refused(response.statusCode ?? 0, response.headers, body)),
          );
        })
        .on('upgrade', (response, socket, head) => {
          const accept = createHash('sha1').update(key + GUID).digest('base64');
          if (response.headers['sec-websocket-accept'] !== accept) {
            socket.destroy();
            reject(new Error(`Sec-WebSocket-Accept: ${response.headers['sec-websocket-accept']}`));
            return;
          }
          resolve(new Socket(socket, response.headers, head));
        });
    });
  }

  /** @param {object} message */
  say(message) {
    this.frame(TEXT, Buffer.from(JSON.stringify(message)));
  }

  /**
   * @param {number} opcode
   * @param {Buffer} payload
   */
  frame(opcode, payload) {
    const mask = randomBytes(4);
    const length = payload.length;
    const header =
      length < 126
        ? Buffer.from([0x80 | opcode, 0x80 | length])
        : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff]);
    const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]));
    this.#socket.write(Buffer.concat([header, mask, masked]));
  }

  /** Sends a Pong that nobody asked for. */
  showLife() {
    this.frame(PONG, Buffer.alloc(0));
  }

  /** @returns {Promise<Message>} the next message, as it is */
  async message() {
    while (!this.#messages.length) {
      if (this.#gone) throw this.#gone;
      await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    }
    return /** @type {Message} */ (this.#messages.shift());
  }

  /**
   * Returns the next message of this type; what comes before is passed over.
   *
   * @param {string} type
   * @returns {Promise<any>}
   */
  async hears(type) {
    for (;;) {
      const { opcode, payload } = await this.message();
      if (opcode !== TEXT) throw new Error(`a message of bytes, while waiting for ${type}`);
      for (const one of [JSON.parse(payload.toString())].flat()) {
        if (one.type === type) return one;
        if (one.type === 'error') throw new Error(JSON.stringify(one));
      }
    }
  }

  /** Closes in good order; returns the code that came back, or nothing where the line just ended. */
  async close() {
    this.frame(CLOSE, Buffer.from([0x03, 0xe8]));
    await this.ended;
    return this.code;
  }

  destroy() {
    this.#socket.destroy();
  }

  #wake() {
    for (const one of this.#waiting.splice(0)) one();
  }

  /** @param {Buffer} bytes */
  #read(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const rest = this.#rest;
      if (rest.length < 2) return;
      const short = rest[1] & 0x7f;
      const start = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < start) return;
      const length =
        short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < start + length) return;
      this.#rest = rest.subarray(start + length);
      this.#frame(rest[0], rest.subarray(start, start + length));
    }
  }

  /**
   * @param {number} first
   * @param {Buffer} payload
   */
  #frame(first, payload) {
    const opcode = first & 0x0f;
    if (opcode === PING) {
      this.pings += 1;
      if (this.pongs) this.frame(PONG, payload);
    } else if (opcode === CLOSE) {
      if (this.code === null) {
        this.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        this.frame(CLOSE, payload);
        this.#socket.end();
      }
    } else if (opcode !== PONG) {
      const before = this.#fragments;
      const whole = {
        opcode: before ? before.opcode : opcode,
        payload: before ? Buffer.concat([before.payload, payload]) : payload,
      };
      this.#fragments = first & 0x80 ? null : whole;
      if (first & 0x80) {
        this.#messages.push(whole);
        this.#wake();
      }
    }
  }
}

/** The answer to a handshake was not 101. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {http.IncomingHttpHeaders} headers
   * @param {string} body
   */
  constructor(status, headers, body) {
    super(`${status}: ${body}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}
