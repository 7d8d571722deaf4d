// @ts-check
import { read } from './picture.js';

/**
 * @typedef {import('./picture.js').Picture} Picture
 * @typedef {'joined' | 'left'} Move
 * @typedef {{key: string, offset: number | undefined, user: string, name: string, at: string}} Told
 *   what every publication has; `offset` is undefined where it was not kept
 * @typedef {Told & {kind: 'said', text: string}
 *   | Told & {kind: 'picture', picture: Picture}
 *   | Told & {kind: 'push', data: unknown}} Message
 * @typedef {Message
 *   | {kind: 'moved', key: string, move: Move, user: string, name: string, at: string}
 *   | {kind: 'note', key: string, text: string, at: string}} Entry
 */

/**
 * What happened in one room, in the order of its log, each message once. Who comes and goes stands
 * where it was seen; the log does not know of it.
 */
export class Timeline {
  #bound;
  /** @type {Entry[]} */ #entries = [];
  /** @type {Set<number>} offsets */ #held = new Set();
  #serial = 0;

  /** @param {number} [bound] how many entries are kept by {@link trim} */
  constructor(bound = 1000) {
    this.#bound = bound;
  }

  get entries() {
    return this.#entries;
  }

  /** The messages that have a place in the log. @returns {Message[]} */
  get messages() {
    return /** @type {Message[]} */ (
      this.#entries.filter((one) => 'offset' in one && one.offset !== undefined)
    );
  }

  /** The lowest offset that is here; Infinity if there is none. */
  get oldest() {
    const first = this.#entries.find((one) => 'offset' in one && one.offset !== undefined);
    return /** @type {any} */ (first)?.offset ?? Infinity;
  }

  /** @param {any} publication of the client @returns {Message | null} null when it is here already */
  add(publication) {
    const { offset, user = '', name, at, data } = publication;
    if (offset !== undefined && this.#held.has(offset)) return null;
    const key = offset === undefined ? this.#key() : `o${offset}`;
    // What has no user was said by the server, on behalf of someone with its API key.
    const told = { key, offset, user, name: String(name || user || 'Server'), at };
    const message = /** @type {Message} */ (Object.assign(told, content(data)));
    if (offset === undefined) this.#entries.push(message);
    else {
      this.#held.add(offset);
      this.#entries.splice(this.#placeOf(offset), 0, message);
    }
    return message;
  }

  /**
   * Someone came or went. A guest whose connection was cut comes back as another user of the same
   * name, and may come before the old one goes: that is nothing to tell.
   *
   * @param {Move} move @param {{user: string, name: string, at: string}} who
   */
  moved(move, who) {
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (entry.kind !== 'moved') break;
      if (entry.move === move || !undoes(entry, who)) continue;
      this.#entries.splice(i, 1);
      return;
    }
    this.#entries.push({ kind: 'moved', key: this.#key(), move, ...who });
  }

  /** @param {string} text @param {string} at */
  note(text, at) {
    this.#entries.push({ kind: 'note', key: this.#key(), text, at });
  }

  /** Lets go of the oldest. @returns {boolean} whether there were too many */
  trim() {
    const excess = this.#entries.length - this.#bound;
    if (excess <= 0) return false;
    for (const gone of this.#entries.splice(0, excess)) {
      if ('offset' in gone && gone.offset !== undefined) this.#held.delete(gone.offset);
    }
    return true;
  }

  #key() {
    return `e${(this.#serial += 1)}`;
  }

  /** @param {number} offset @returns {number} where it belongs */
  #placeOf(offset) {
    let place = this.#entries.length;
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (!('offset' in entry) || entry.offset === undefined) continue;
      if (entry.offset < offset) break;
      place = i;
    }
    return place;
  }
}

/** @param {unknown} data */
function content(data) {
  if (data instanceof Uint8Array) {
    const picture = read(data);
    return picture ? { kind: 'picture', picture } : { kind: 'push', data };
  }
  const text = /** @type {any} */ (data)?.text;
  return typeof text === 'string' ? { kind: 'said', text } : { kind: 'push', data };
}

/**
 * @param {Extract<Entry, {kind: 'moved'}>} entry
 * @param {{user: string, name: string}} who moves the other way now
 */
function undoes(entry, who) {
  if (entry.move === 'left') return entry.user === who.user || entry.name === who.name;
  // Who came and goes was here, unless that was a guest who had no name yet.
  return entry.user === who.user ? who.name === who.user : entry.name === who.name;
}
