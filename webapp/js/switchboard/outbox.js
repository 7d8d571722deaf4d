// @ts-check
/** @import {Clock, Entry, Kind} from './types.js' */
import { SwitchboardError } from './codec.js';
import { Backoff } from './connection.js';

/** Servers know keys for 5 minutes; less than that, because a way takes time. In ms. */
export const KEY_LIFETIME = 270_000;
/** How often something that failed for now is tried again. */
const TRIES = 8;

/**
 * Commands in the order in which they were given, until they are answered. They wait while there is
 * no connection; what was under way when it broke is sent again only where that cannot double it.
 */
export class Outbox {
  #clock;
  #send;
  #encode;
  #capacity;
  #backoff;
  /** @type {Set<Entry>} */ #entries = new Set();
  /** @type {Map<number, Entry>} */ #flying = new Map();
  #up = false;
  #user = '';
  #messageSize = Infinity;
  /** How many may be under way: fewer after each refusal, more with each answer. */
  #window = 1;
  #widest = 1;
  /** @type {any} */ #pause = null;
  /** @type {(() => void) | null} waits until nothing is under way */ #resting = null;

  /**
   * @param {{clock: Clock, random: () => number, capacity: number,
   *   encode: (command: Record<string, any>) => string | Uint8Array,
   *   send: (command: Record<string, any>) => number}} around `send` returns the id
   */
  constructor({ clock, random, capacity, encode, send }) {
    this.#clock = clock;
    this.#send = send;
    this.#encode = encode;
    this.#capacity = capacity;
    this.#backoff = new Backoff(random, 500, 10_000);
  }

  /**
   * @param {Record<string, any>} command @param {Kind} kind
   * @returns {Promise<any>} the answer
   */
  add(command, kind) {
    return new Promise((resolve, reject) => {
      if (kind === 'passing' && !this.#up) {
        reject(new SwitchboardError('offline', 'not online: ephemeral is not kept', true));
      } else if (this.#entries.size >= this.#capacity) {
        reject(new SwitchboardError('offline', `${this.#capacity} commands wait already`, true));
      } else {
        const entry = { command, kind, resolve, reject, id: 0, since: 0, doubt: null, tries: 0 };
        this.#entries.add(entry);
        this.#pump();
      }
    });
  }

  /** @param {string} user @param {{rate?: number, message?: number}} limits */
  up(user, { rate, message } = {}) {
    this.#up = true;
    this.#user = user;
    this.#widest = this.#window = Math.max(1, Math.min(rate || 100, 100));
    this.#messageSize = message || Infinity;
    this.resume();
  }

  down() {
    this.#up = false;
    this.#clock.clearTimeout(this.#pause);
    this.#pause = null;
    for (const entry of this.#flying.values()) {
      entry.id = 0;
      if (entry.kind === 'keyed') entry.doubt ??= this.#user;
      else if (entry.kind !== 'question') this.#unknown(entry);
    }
    this.#flying.clear();
    this.#resting?.();
  }

  /** Resolved when nothing is under way; nothing is begun until {@link resume}, or {@link up}. */
  quiet() {
    return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
      this.#resting = resolve;
      if (this.#flying.size === 0) resolve();
    });
  }

  resume() {
    this.#resting = null;
    this.#pump();
  }

  /** @param {any} message @returns {boolean} whether it was the answer to something in here */
  answer(message) {
    const entry = this.#flying.get(message.re);
    if (!entry) return false;
    this.#flying.delete(message.re);
    if (this.#flying.size === 0) this.#resting?.();
    if (message.type !== 'error') {
      this.#backoff.reset();
      this.#window = Math.min(this.#widest, this.#window + 1 / this.#window);
      const { type, re, ...answer } = message;
      this.#settle(entry, () => entry.resolve(answer));
    } else if (message.retry && entry.kind !== 'passing' && this.#again(entry, message.code)) {
      this.#window = Math.max(1, this.#window / 2);
      const wait = Math.max(Number(message.retryAfter) || 0, this.#backoff.next());
      this.#clock.clearTimeout(this.#pause);
      this.#pause = this.#clock.setTimeout(() => {
        this.#pause = null;
        this.#pump();
      }, wait);
    } else {
      const { code, message: text, retry } = message;
      this.#settle(entry, () => entry.reject(new SwitchboardError(code, text, Boolean(retry))));
    }
    this.#pump();
    return true;
  }

  /** Nothing goes any more. @param {SwitchboardError} error */
  end(error) {
    this.down();
    for (const entry of this.#entries) {
      if (entry.doubt !== null) this.#unknown(entry);
      else entry.reject(error);
    }
    this.#entries.clear();
  }

  /** It was refused for now. @param {Entry} entry @param {string} code */
  #again(entry, code) {
    entry.id = 0;
    // Of a defect we do not know how far it came.
    if (code === 'internal' && entry.kind === 'once') return false;
    if (code !== 'internal' && entry.doubt === null) entry.since = 0;
    if (code !== 'rate-limited') entry.tries += 1;
    return entry.tries < TRIES;
  }

  #pump() {
    if (!this.#up || this.#pause !== null || this.#resting) return;
    for (const entry of this.#entries) {
      if (this.#flying.size >= Math.floor(this.#window)) return;
      if (entry.id === 0) this.#launch(entry);
    }
  }

  /** @param {Entry} entry */
  #launch(entry) {
    const now = this.#clock.now();
    const stale = entry.since > 0 && now - entry.since > KEY_LIFETIME;
    const other = entry.doubt !== null && entry.doubt !== this.#user;
    if (entry.kind === 'keyed' && (stale || other)) return this.#unknown(entry);
    if (this.#isTooLarge(entry.command)) {
      const text = `the server takes messages of at most ${this.#messageSize} bytes`;
      return this.#settle(entry, () => entry.reject(new SwitchboardError('too-large', text)));
    }
    const id = this.#send(entry.command);
    if (id === 0) return;
    entry.id = id;
    entry.since ||= now;
    this.#flying.set(id, entry);
  }

  /** A server would close for it, and for good. @param {Record<string, any>} command */
  #isTooLarge(command) {
    const frame = this.#encode({ ...command, id: Number.MAX_SAFE_INTEGER });
    const most = typeof frame === 'string' ? frame.length * 3 : frame.length;
    if (most <= this.#messageSize) return false;
    const bytes = typeof frame === 'string' ? new TextEncoder().encode(frame).length : most;
    return bytes > this.#messageSize;
  }

  /** @param {Entry} entry */
  #unknown(entry) {
    const text =
      'it was sent, but the connection was cut before the answer: look before you repeat';
    this.#settle(entry, () => entry.reject(new SwitchboardError('outcome-unknown', text)));
  }

  /** @param {Entry} entry @param {() => void} tell */
  #settle(entry, tell) {
    this.#entries.delete(entry);
    tell();
  }
}
