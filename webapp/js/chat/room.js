// @ts-check
import { Timeline } from './timeline.js';

/**
 * @typedef {import('./timeline.js').Said} Said
 * @typedef {{user: string, name: string}} Person
 *
 * @typedef {'out' | 'joining' | 'joined' | 'refused'} Membership
 *   `out`: not joined, for instance because there is no connection
 *
 * @typedef {'sending' | 'unsure' | 'failed'} PendingState
 *   `unsure`: it went out, but the connection ended before the server said so; the replay will tell
 * @typedef {{key: string, text: string, state: PendingState, reason: string, lost: boolean}} Pending
 *   `lost`: failed because no replay had it so far; a late replay may still bring it
 */

/** One room as this page sees it: who is there, what was said, what is still on its way. */
export class Room {
  /** @type {string} */ name;
  /** @type {Membership} */ membership = 'out';
  /** @type {string} why we are not in, when `refused` */ refusal = '';
  /** @type {string} what is typed and not sent */ draft = '';
  /** @type {Pending[]} */ pending = [];
  timeline = new Timeline();
  #unread = 0;
  /** @type {string | null} */ #marker = null;
  /** @type {Map<string, Person>} */ #people = new Map();
  #everJoined = false;
  #returning = false;
  #wasLost = false;
  #serial = 0;

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** How many messages of others came while nobody looked. */
  get unread() {
    return this.#unread;
  }

  /** The key of the entry before which the "new" line stands. */
  get marker() {
    return this.#marker;
  }

  /** @returns {Person[]} by name */
  get people() {
    return [...this.#people.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Whether the join under way, or the last one, was not the first: its replay brings news. */
  get returning() {
    return this.#returning;
  }

  /** Whether it was the connection that took us out before that join. */
  get wasLost() {
    return this.#wasLost;
  }

  /** Join was asked for; the answer is open. */
  joining() {
    this.membership = 'joining';
    this.refusal = '';
    this.#returning = this.#everJoined;
  }

  /** @param {Person} me */
  entered(me) {
    this.membership = 'joined';
    this.#everJoined = true;
    this.#wasLost = false;
    this.#people.set(me.user, me);
  }

  /** The connection is gone, and with it our place in the room. */
  lost() {
    if (this.membership !== 'refused') this.membership = 'out';
    this.#wasLost = this.#everJoined;
    this.#people.clear();
    for (const item of this.pending) if (item.state === 'sending') item.state = 'unsure';
  }

  /** @param {string} reason */
  refused(reason) {
    this.membership = 'refused';
    this.refusal = reason;
    this.#people.clear();
    this.#settle(reason);
  }

  /**
   * @param {Said[]} messages
   * @param {{own: (said: Said) => boolean, seen: boolean, asked: number}} context
   */
  replay(messages, { own, seen, asked }) {
    const before = this.timeline.newest;
    const first = messages[0];
    // A full answer that does not reach back to what we have: something lies between them.
    if (before && first && messages.length >= asked && first.id > before.id + 1) {
      this.timeline.note('Some messages in between are too old to be replayed here.', first.at);
    }
    for (const said of messages) {
      const key = this.#take(said, own(said), this.#returning, seen);
      // Someone looks, but what was said while we were away still deserves its line.
      if (key && this.#returning && seen && !own(said)) this.#marker ??= key;
    }
  }

  /**
   * Those present. As this is asked for right after a join, the replay is over or nearly so: what
   * we sent before and did not find in it was lost, unless the replay comes late.
   *
   * @param {Person[]} users
   */
  present(users) {
    this.#people = new Map(users.map((person) => [person.user, person]));
    if (this.membership !== 'joined') return;
    for (const item of this.pending) {
      if (item.state !== 'unsure') continue;
      this.failed(item.key, 'The connection broke before it was sent.');
      item.lost = true;
    }
  }

  /** @param {Said} said @param {{own: boolean, seen: boolean}} context */
  said(said, { own, seen }) {
    this.#take(said, own, true, seen);
  }

  /** @param {unknown} data @param {string} at @param {boolean} seen */
  pushed(data, at, seen) {
    const key = this.timeline.pushed(data, at);
    if (!seen) this.#count(key);
  }

  /** @param {'joined' | 'left'} move @param {Person & {at: string}} who */
  moved(move, who) {
    const known = this.#people.has(who.user);
    if (move === 'joined') this.#people.set(who.user, { user: who.user, name: who.name });
    else this.#people.delete(who.user);
    if (known === (move === 'left')) this.timeline.moved(move, who);
  }

  /** Someone looks at the room now: nothing is unread, the line stays where it was. */
  look() {
    this.#unread = 0;
  }

  /** Nobody looks at the room any more: the line has done its work. */
  turnAway() {
    if (this.#unread === 0) this.#marker = null;
  }

  /** @param {string} text @returns {Pending} */
  send(text) {
    /** @type {Pending} */
    const item = {
      key: `p${(this.#serial += 1)}`,
      text,
      state: 'sending',
      reason: '',
      lost: false,
    };
    this.pending.push(item);
    this.#marker = null;
    return item;
  }

  /** @param {string} key @param {string} reason */
  failed(key, reason) {
    const item = this.pending.find((one) => one.key === key);
    if (!item) return;
    item.state = 'failed';
    item.reason = reason;
  }

  /** @param {string} key @returns {Pending | null} what was taken out */
  takeBack(key) {
    const item = this.pending.find((one) => one.key === key) ?? null;
    this.pending = this.pending.filter((one) => one !== item);
    return item;
  }

  /**
   * @param {Said} said @param {boolean} own
   * @param {boolean} news false for a first replay: the past is not unread @param {boolean} seen
   * @returns {string | null} the key of the new entry
   */
  #take(said, own, news, seen) {
    const key = this.timeline.add(said);
    if (!key) return null;
    if (own) this.#arrived(said.text);
    else if (news && !seen) this.#count(key);
    return key;
  }

  /** @param {string} text of our own message that came back: that one was sent */
  #arrived(text) {
    const item = this.pending.find(
      (one) => (one.state !== 'failed' || one.lost) && one.text === text,
    );
    if (item) this.takeBack(item.key);
  }

  /** @param {string} key */
  #count(key) {
    if (this.#unread === 0) this.#marker = key;
    this.#unread += 1;
  }

  /** @param {string} reason */
  #settle(reason) {
    for (const item of this.pending) if (item.state !== 'failed') this.failed(item.key, reason);
  }
}
