// @ts-check

/**
 * @typedef {{room: string, user: string, name: string, text: string, at: string, id: number}} Said
 * @typedef {'joined' | 'left' | 'renamed'} Move
 * @typedef {{kind: 'said', key: string, log: number, said: Said}
 *   | {kind: 'moved', key: string, move: Move, user: string, name: string, was: string, at: string}
 *   | {kind: 'push', key: string, data: unknown, at: string}
 *   | {kind: 'note', key: string, text: string, at: string}} Entry
 */

/**
 * What happened in one room, in order, each message once.
 *
 * A message is the same as one we have only when both its `id` and its `at` are equal. A server
 * without durable history counts from 1 again after a restart: an id that we know with another
 * time, or a lower id that was said later, begins a new *log*, whose messages stand behind those of
 * the log before instead of being taken for them.
 */
export class Timeline {
  #bound;
  /** @type {Entry[]} */ #entries = [];
  /** @type {Set<string>} keys of the messages held */ #held = new Set();
  /** @type {Map<number, string>} ids of the current log, to their times */ #ids = new Map();
  /** @type {Said | null} */ #newest = null;
  #log = 0;
  #serial = 0;

  /** @param {number} [bound] how many entries are kept */
  constructor(bound = 500) {
    this.#bound = bound;
  }

  get entries() {
    return this.#entries;
  }

  /** The message with the highest offset of the current log. */
  get newest() {
    return this.#newest;
  }

  /**
   * @param {Said} said
   * @returns {string | null} the key of the new entry, or null when it is here already
   */
  add(said) {
    const key = `${said.id}@${said.at}`;
    if (this.#held.has(key)) return null;
    if (this.#isFromNewLog(said)) {
      this.#log += 1;
      this.#ids.clear();
      this.#newest = null;
    }
    this.#held.add(key);
    this.#ids.set(said.id, said.at);
    if (!this.#newest || said.id > this.#newest.id) this.#newest = said;
    this.#entries.splice(this.#placeOf(said.id), 0, { kind: 'said', key, log: this.#log, said });
    this.#trim();
    return key;
  }

  /**
   * Someone came or went. Leaving and joining in one breath is a change of name; a new name right
   * after coming is simply the name of the one who came.
   *
   * @param {'joined' | 'left'} move
   * @param {{user: string, name: string, at: string}} who
   */
  moved(move, who) {
    const last = this.#entries.at(-1);
    const left = last?.kind === 'moved' && last.move === 'left' && last.user === who.user;
    if (move === 'left' || !left) {
      this.#append({ ...who, kind: 'moved', move, was: '' });
      return;
    }
    this.#entries.pop();
    if (last.name === who.name) return;
    const before = this.#lastMoveOf(who.user);
    if (before) this.#entries.splice(this.#entries.indexOf(before), 1);
    const known = before?.move === 'renamed' ? before.was : last.name;
    const now = before?.move === 'joined' ? 'joined' : 'renamed';
    this.#append({ ...who, kind: 'moved', move: now, was: known });
  }

  /** @param {unknown} data @param {string} at @returns {string} its key */
  pushed(data, at) {
    return this.#append({ kind: 'push', data, at });
  }

  /** @param {string} text @param {string} at */
  note(text, at) {
    this.#append({ kind: 'note', text, at });
  }

  /**
   * @param {string} user
   * @returns {Extract<Entry, {kind: 'moved'}> | null} among the moves that end the list
   */
  #lastMoveOf(user) {
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (entry.kind !== 'moved') return null;
      if (entry.user === user) return entry;
    }
    return null;
  }

  /** @param {any} entry without its key @returns {string} the key it got */
  #append(entry) {
    const key = `e${(this.#serial += 1)}`;
    this.#entries.push({ ...entry, key });
    this.#trim();
    return key;
  }

  /** @param {Said} said */
  #isFromNewLog(said) {
    if (!this.#newest) return false;
    if (this.#ids.has(said.id)) return true;
    return said.id < this.#newest.id && Date.parse(said.at) > Date.parse(this.#newest.at);
  }

  /** @param {number} id of the current log @returns {number} where it belongs */
  #placeOf(id) {
    let place = this.#entries.length;
    for (let i = this.#entries.length - 1; i >= 0; i -= 1) {
      const entry = this.#entries[i];
      if (entry.kind !== 'said') continue;
      if (entry.log < this.#log || entry.said.id < id) break;
      place = i;
    }
    return place;
  }

  #trim() {
    while (this.#entries.length > this.#bound) {
      const gone = this.#entries.shift();
      if (gone?.kind !== 'said') continue;
      this.#held.delete(gone.key);
      if (this.#ids.get(gone.said.id) === gone.said.at) this.#ids.delete(gone.said.id);
    }
  }
}
