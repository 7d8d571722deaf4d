// @ts-check
import { draw } from './frames.js';
import { socketUrl } from './carriers.js';
import { LANGUAGES } from './samples.js';

/**
 * @typedef {import('./samples.js').Language} Language
 * @typedef {{kind: 'out' | 'in', key: number, at: number, text: string | null, bytes: Uint8Array,
 *   opcode: number, drawn: import('./frames.js').Drawn}} FrameEntry
 * @typedef {{kind: 'note', key: number, at: number, text: string}} NoteEntry
 * @typedef {FrameEntry | NoteEntry} Entry
 */

const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;

/** A connection on which somebody speaks by hand. Fires `change`. */
export class FrameConsole extends EventTarget {
  #page;
  #WebSocket;
  #now;
  #random;
  /** @type {any} */ #socket = null;
  #key = 0;
  /** @type {Language} */ language = 'chat';
  /** @type {'closed' | 'opening' | 'open'} */ state = 'closed';
  /** @type {Entry[]} newest last */ entries = [];

  /** So many entries are kept. */
  static KEPT = 200;

  /**
   * @param {string} page
   * @param {new (url: string, protocols: string[]) => any} WebSocket
   * @param {() => number} now milliseconds
   * @param {(bytes: Uint8Array) => Uint8Array} random fills with chance
   */
  constructor(page, WebSocket, now, random) {
    super();
    this.#page = page;
    this.#WebSocket = WebSocket;
    this.#now = now;
    this.#random = random;
  }

  /** @param {Language} language */
  open(language) {
    this.close();
    this.language = language;
    const { protocol, query } = LANGUAGES[language];
    const socket = new this.#WebSocket(
      socketUrl(this.#page, query),
      protocol ? [protocol] : [],
    );
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.state = 'opening';
    const mine = () => this.#socket === socket;
    socket.onopen = () => {
      if (!mine()) return;
      this.state = 'open';
      this.#note(
        `101: the upgrade is done, ${socket.protocol ? `the subprotocol is ${socket.protocol}` : 'without a subprotocol'}.`,
      );
    };
    socket.onmessage = (/** @type {{data: string | ArrayBuffer}} */ event) => {
      if (!mine()) return;
      if (typeof event.data === 'string') this.#frame('in', TEXT, encode(event.data), event.data);
      else this.#frame('in', BINARY, new Uint8Array(event.data), null);
    };
    socket.onclose = (/** @type {{code: number, reason: string, wasClean: boolean}} */ event) => {
      if (!mine()) return;
      this.#socket = null;
      this.state = 'closed';
      if (event.wasClean && event.code !== 1005) {
        const reason = encode(event.reason);
        const payload = new Uint8Array(2 + reason.length);
        payload.set([event.code >> 8, event.code & 0xff]);
        payload.set(reason, 2);
        this.#frame('in', CLOSE, payload, `${event.code} ${event.reason}`.trim());
      }
      this.#note(
        event.wasClean
          ? 'Closed: both sides sent a Close frame.'
          : `Gone: no Close frame came (your browser calls that ${event.code}).`,
      );
    };
    this.#changed();
  }

  /** Says goodbye. */
  close() {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    this.state = 'closed';
    socket.close(1000, '');
    this.#note('You closed: your browser sends a Close frame with 1000.');
  }

  /** @param {string} text @returns {boolean} whether it was sent */
  sendText(text) {
    if (this.state !== 'open') return false;
    this.#frame('out', TEXT, encode(text), text);
    this.#socket.send(text);
    return true;
  }

  /** @param {Uint8Array} bytes @returns {boolean} whether it was sent */
  sendBytes(bytes) {
    if (this.state !== 'open') return false;
    this.#frame('out', BINARY, bytes, null);
    this.#socket.send(bytes);
    return true;
  }

  clear() {
    this.entries = [];
    this.#changed();
  }

  /** @param {'out' | 'in'} kind @param {number} opcode @param {Uint8Array} bytes @param {string | null} text */
  #frame(kind, opcode, bytes, text) {
    const mask = kind === 'out' ? this.#random(new Uint8Array(4)) : null;
    const drawn = draw(opcode, bytes, mask);
    this.#add({ kind, opcode, bytes, text, drawn, key: this.#next(), at: this.#now() });
  }

  /** @param {string} text */
  #note(text) {
    this.#add({ kind: 'note', text, key: this.#next(), at: this.#now() });
  }

  #next() {
    this.#key += 1;
    return this.#key;
  }

  /** @param {Entry} entry */
  #add(entry) {
    this.entries = [...this.entries, entry].slice(-FrameConsole.KEPT);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {string} text */
function encode(text) {
  return new TextEncoder().encode(text);
}
