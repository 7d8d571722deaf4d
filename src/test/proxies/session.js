// @ts-check
import { fetched, origin, request } from './socket.js';

/** @typedef {import('./socket.js').Target} Target */

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A session of `superchat` over plain requests. */
export class HttpSession {
  #target;
  #secret;
  #number = 1;

  /**
   * @param {Target} target
   * @param {any} connected
   */
  constructor(target, connected) {
    this.#target = target;
    this.#secret = connected.token;
    this.id = String(connected.session);
  }

  /**
   * @param {Target} target
   * @param {string} [from]
   */
  static async open(target, from) {
    const { status, body } = await fetched(target, '/chat/sessions', {
      method: 'POST',
      headers: { ...JSON_TYPE, Origin: origin(target) },
      body: JSON.stringify({ type: 'connect', id: 1 }),
      from,
    });
    if (status !== 201) throw new Error(`${status}: ${body}`);
    return new HttpSession(target, JSON.parse(body));
  }

  get headers() {
    return { Authorization: `Bearer ${this.#secret}`, Origin: origin(this.#target) };
  }

  get path() {
    return `/chat/sessions/${this.id}`;
  }

  /**
   * Sends a command and returns its answer, if it has one.
   *
   * @param {object} command
   * @returns {Promise<any>}
   */
  async ask(command) {
    const { status, body } = await fetched(this.#target, this.path, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...this.headers },
      body: JSON.stringify(command),
    });
    if (status === 204) return null;
    const answer = status === 200 ? JSON.parse(body) : {};
    if (status !== 200 || answer.type === 'error') throw new Error(`${status}: ${body}`);
    return answer;
  }

  /** @param {string} channel */
  subscribe(channel) {
    return this.ask({ type: 'subscribe', id: (this.#number += 1), channel });
  }

  /**
   * @param {string} channel
   * @param {unknown} data
   */
  publish(channel, data) {
    return this.ask({ type: 'publish', id: (this.#number += 1), channel, data });
  }

  /**
   * @param {number} after
   * @param {number} wait seconds
   * @returns {Promise<{ next: number, messages: any[] }>}
   */
  async poll(after, wait) {
    const path = `${this.path}/messages?after=${after}&wait=${wait}`;
    const { status, body } = await fetched(this.#target, path, { headers: this.headers });
    if (status !== 200) throw new Error(`${status}: ${body}`);
    return JSON.parse(body);
  }

  /** @returns {Promise<Events>} */
  stream() {
    return new Promise((resolve, reject) => {
      const asked = request(this.#target, `${this.path}/events`, { headers: this.headers });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const type = response.headers['content-type'];
        if (response.statusCode !== 200 || !type?.startsWith('text/event-stream')) {
          reject(new Error(`${response.statusCode}, ${type}`));
          asked.destroy();
          return;
        }
        resolve(new Events(response));
      });
    });
  }

  async leave() {
    const { status } = await fetched(this.#target, this.path, {
      method: 'DELETE',
      headers: this.headers,
    });
    if (status !== 204) throw new Error(`${status}`);
  }
}

/** What comes down a stream of Server-Sent Events. */
export class Events {
  /** @type {any[]} */ #messages = [];
  /** @type {(() => void)[]} */ #waiting = [];
  #rest = '';
  #stream;
  #over = false;
  comments = 0;
  /** When the stream ended. @type {Promise<void>} */ ended;

  /** @param {import('node:stream').Readable} stream */
  constructor(stream) {
    this.#stream = stream;
    stream.setEncoding('utf8');
    stream.on('data', (part) => this.#read(part));
    stream.on('error', () => {});
    this.ended = new Promise((resolve) =>
      stream.on('close', () => {
        this.#over = true;
        this.#wake();
        resolve();
      }),
    );
  }

  /**
   * Returns the next message of this type; what comes before is passed over.
   *
   * @param {string} type
   * @returns {Promise<any>}
   */
  async hears(type) {
    for (;;) {
      const message = this.#messages.shift();
      if (message?.type === type) return message;
      if (message) continue;
      if (this.#over) throw new Error('the stream has ended');
      await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    }
  }

  destroy() {
    this.#stream.destroy();
  }

  #wake() {
    for (const one of this.#waiting.splice(0)) one();
  }

  /** @param {string} part */
  #read(part) {
    const blocks = (this.#rest + part).split('\n\n');
    this.#rest = String(blocks.pop());
    for (const lines of blocks.map((block) => block.split('\n'))) {
      this.comments += lines.filter((line) => line.startsWith(':')).length;
      const data = lines.filter((line) => line.startsWith('data:'));
      if (data.length) this.#messages.push(JSON.parse(data.map((line) => line.slice(5)).join('\n')));
    }
    this.#wake();
  }
}
