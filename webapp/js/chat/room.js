// @ts-check
import { Timeline } from './timeline.js';
import { Typists } from './typing.js';

/**
 * @typedef {import('../switchboard/index.js').Subscription} Subscription
 * @typedef {import('../switchboard/index.js').Publication} Publication
 * @typedef {import('./timeline.js').Message} Message
 * @typedef {import('./picture.js').Picture} Picture
 * @typedef {{user: string, name: string}} Person
 * @typedef {{epoch: string, offset: number}} Position
 * @typedef {{text: string} | {picture: Picture}} Content
 *
 * @typedef {'joining' | 'joined' | 'refused'} Membership
 * @typedef {'sending' | 'unsure' | 'failed'} PendingState `sending` also while it waits for a
 *   connection; `unsure`: it went out, but the connection ended before the answer: the log will tell
 * @typedef {{key: string, content: Content, state: PendingState, reason: string, offset: number}}
 *   Pending `offset` is 0 until the answer
 *
 * @typedef {object} Around
 * @property {() => number} now
 * @property {(user: string) => boolean} isMine
 * @property {() => boolean} seen whether somebody looks at this room
 * @property {() => void} changed
 */

/** How many older messages are asked for at a time. */
const PAGE = 50;

/** One room as this page sees it: who is there, what was said, what is still on its way. */
export class Room {
  /** @type {string} */ name;
  /** @type {Membership} */ membership = 'joining';
  /** @type {string} why we are not in, when `refused` */ refusal = '';
  /** @type {string} what is typed and not sent */ draft = '';
  /** @type {Pending[]} */ pending = [];
  /** Whether the log goes further back than the timeline. */ hasOlder = true;
  /** @type {'idle' | 'loading' | 'failed'} */ older = 'idle';
  /** Whether the list is read at its end; only then the oldest may go. */ following = true;
  timeline = new Timeline();
  typists = new Typists();
  /** @type {Subscription} */ #subscription;
  /** @type {Around} */ #around;
  /** @type {Position | null} where the reader was when the page was closed */ #remembered;
  /** @type {number | null} offset before which the "new" line stands */ #line = null;
  #started = false;
  #epoch = '';
  #missedTo = 0;
  #settleAt = -1;
  #read = 0;

  /**
   * @param {string} name @param {Subscription} subscription with presence @param {Around} around
   * @param {Position | null} [remembered]
   */
  constructor(name, subscription, around, remembered = null) {
    this.name = name;
    this.#subscription = subscription;
    this.#around = around;
    this.#remembered = remembered;
    const on = /** @type {typeof subscription.addEventListener} */ (
      (/** @type {any} */ type, /** @type {any} */ listener) =>
        subscription.addEventListener(type, (/** @type {any} */ event) => {
          listener(event);
          around.changed();
        })
    );
    on('subscribed', ({ detail }) => this.#subscribed(detail));
    on('publication', ({ detail }) => this.#publication(detail));
    on('reload', () => this.#reload());
    on('gap', ({ detail }) => this.#gap(detail));
    on('joined', ({ detail }) => this.#moved('joined', detail, detail.sessions === 1));
    on('left', ({ detail }) => this.#moved('left', detail, detail.sessions === 0));
    on('ended', ({ detail }) => detail.error && this.#refused(detail.error.message));
  }

  get subscription() {
    return this.#subscription;
  }

  /** How many messages of others came after what was read. */
  get unread() {
    const { oldest } = this.timeline;
    // Of what is not here we do not know who said it.
    const before = oldest === Infinity ? 0 : Math.max(0, oldest - 1 - this.#read);
    return before + this.#others().filter(({ offset }) => Number(offset) > this.#read).length;
  }

  /** The key of the message before which the "new" line stands. */
  get marker() {
    return this.#line === null ? null : `o${this.#line}`;
  }

  /** @returns {Position | null} up to where it was read */
  get readPosition() {
    return this.#started ? { epoch: this.#epoch, offset: this.#read } : null;
  }

  /** @returns {Person[]} by name */
  get people() {
    if (this.membership !== 'joined') return [];
    return this.#subscription.users
      .map(({ user, name }) => ({ user, name: name || user }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Reads on in the log, backwards. */
  async loadOlder() {
    if (!this.#started || !this.hasOlder || this.older === 'loading') return;
    this.older = 'loading';
    this.#around.changed();
    const { timeline } = this;
    const epoch = this.#epoch;
    const { oldest } = timeline;
    const since = oldest === Infinity ? undefined : { epoch, offset: oldest };
    try {
      const past = await this.#subscription.history({ reverse: true, limit: PAGE, since });
      if (timeline !== this.timeline) return;
      // Its epoch is not ours where the log was lost meanwhile: `reload` is about to say so.
      if (past.epoch === epoch) this.#past(past.publications);
      this.older = 'idle';
    } catch (failure) {
      if (timeline !== this.timeline) return;
      this.older = 'failed';
      if (/** @type {any} */ (failure).code === 'unrecoverable-position') this.hasOlder = false;
    }
    this.#around.changed();
  }

  /** Somebody looks at the room now: all is read, the line stays where it was. */
  look() {
    this.#readTo(this.#subscription.position?.offset ?? 0);
  }

  /** Nobody looks at the room any more: the line has done its work. */
  turnAway() {
    if (this.unread === 0) this.#line = null;
  }

  /** Tells the server how far it was read, if that is news. */
  tellRead() {
    if (this.#started) this.#subscription.ack(this.#read);
  }

  /** @param {string} key @param {Content} content @returns {Pending} */
  send(key, content) {
    /** @type {Pending} */
    const item = { key, content, state: 'sending', reason: '', offset: 0 };
    this.pending.push(item);
    this.#line = null;
    return item;
  }

  /** The server has it. @param {Pending} item @param {number} offset */
  sent(item, offset) {
    item.offset = offset;
    if ((this.#subscription.position?.offset ?? 0) >= offset) this.takeBack(item.key);
  }

  /** @param {Pending} item @param {{code: string, message: string}} error */
  notSent(item, { code, message }) {
    if (code === 'outcome-unknown') {
      item.state = 'unsure';
      this.#settle();
    } else this.#fail(item, message);
  }

  /** @param {string} key @returns {Pending | null} what was taken out */
  takeBack(key) {
    const item = this.pending.find((one) => one.key === key) ?? null;
    this.pending = this.pending.filter((one) => one !== item);
    return item;
  }

  /** @param {{epoch: string, offset: number, recovered?: boolean, read?: number}} detail */
  #subscribed({ epoch, offset, recovered, read }) {
    this.membership = 'joined';
    this.refusal = '';
    this.#epoch = epoch;
    this.#settleAt = offset;
    // What follows was already told; the events come one by one.
    queueMicrotask(() => this.#settle());
    if (this.#started) {
      if (recovered) this.#missedTo = offset;
      if (this.older === 'failed') this.older = 'idle';
      return;
    }
    this.#started = true;
    const known = this.#remembered?.epoch === epoch ? this.#remembered.offset : undefined;
    // Who never was here has not missed the past.
    this.#read = Math.min(Math.max(read ?? -1, known ?? -1), offset);
    if (this.#read < 0) this.#read = offset;
    if (this.#around.seen() && this.#read < offset) this.#drawLine();
    this.loadOlder();
    if (this.#around.seen()) this.look();
  }

  #reload() {
    this.timeline = new Timeline();
    this.hasOlder = true;
    this.older = 'idle';
    this.#line = null;
    this.#read = this.#subscription.position?.offset ?? 0;
    this.timeline.note(
      'The server no longer has all that was said in between. This is what it has.',
      new Date(this.#around.now()).toISOString(),
    );
    this.loadOlder();
  }

  /** @param {{from: number, to: number, told: boolean}} gap */
  #gap({ from, to }) {
    const count = to - from + 1;
    const text =
      count === 1 ? 'One message is missing here.' : `${count} messages are missing here.`;
    this.timeline.note(text, new Date(this.#around.now()).toISOString());
  }

  /** @param {Publication} publication */
  #publication(publication) {
    const { data, offset, user } = publication;
    const passing = /** @type {any} */ (data)?.typing;
    if (offset === undefined && typeof passing === 'boolean') {
      return this.#typing(publication, passing);
    }
    const message = this.timeline.add(publication);
    if (!message) return;
    if (user !== undefined) this.typists.stopped(user);
    const own = this.#around.isMine(message.user);
    if (own) this.#arrived(publication);
    if (this.following && this.timeline.trim()) this.hasOlder = true;
    if (offset === undefined) return;
    const seen = this.#around.seen();
    // Someone looks, but what was said while we were away still deserves its line.
    if (!own && (!seen || offset <= this.#missedTo)) this.#line ??= offset;
    if (seen) this.#readTo(offset);
    this.#settle();
  }

  /** @param {Publication} publication @param {boolean} goesOn */
  #typing({ user, name }, goesOn) {
    if (user === undefined || this.#around.isMine(user)) return;
    if (goesOn) this.typists.sign(user, name || user, this.#around.now());
    else this.typists.stopped(user);
  }

  /** @param {'joined' | 'left'} move @param {any} who @param {boolean} news */
  #moved(move, { user, name, at }, news) {
    if (move === 'left') this.typists.stopped(user);
    if (news && !this.#around.isMine(user)) {
      this.timeline.moved(move, { user, name: name || user, at });
    }
  }

  /** @param {any[]} publications newest first */
  #past(publications) {
    for (const publication of publications) {
      const message = this.timeline.add(publication);
      if (message && this.#around.isMine(message.user)) this.#arrived(publication);
    }
    this.hasOlder = publications.length > 0 && this.timeline.oldest > 1;
    if (this.unread > 0 && !this.#around.seen()) this.#drawLine();
    else if (this.#line !== null) this.#drawLine(this.#line);
  }

  /**
   * Before the first unread message, or, where the log was not here yet, before the first one from
   * the given offset on.
   *
   * @param {number} [from]
   */
  #drawLine(from = this.#read + 1) {
    const first = this.#others().find(({ offset }) => Number(offset) >= from);
    this.#line = first?.offset ?? (this.timeline.oldest === Infinity ? from : null);
  }

  /** @returns {Message[]} */
  #others() {
    return this.timeline.messages.filter((one) => !this.#around.isMine(one.user));
  }

  /** @param {number} offset */
  #readTo(offset) {
    this.#read = Math.max(this.#read, offset);
  }

  /** An own message came: it was sent. @param {{key?: string, offset?: number}} publication */
  #arrived({ key, offset }) {
    this.pending = this.pending.filter(
      (one) => one.key !== key && (one.offset === 0 || one.offset !== offset),
    );
  }

  /** Once we have all that there was when we came back, what is not among it was not sent. */
  #settle() {
    const { state, position } = this.#subscription;
    if (state !== 'subscribed' || (position?.offset ?? 0) < this.#settleAt) return;
    for (const item of this.pending) {
      if (item.state === 'unsure') this.#fail(item, 'The connection broke before it was sent.');
    }
    this.#around.changed();
  }

  /** @param {string} reason */
  #refused(reason) {
    this.membership = 'refused';
    this.refusal = reason;
    for (const item of this.pending) if (item.state !== 'failed') this.#fail(item, reason);
  }

  /** @param {Pending} item @param {string} reason */
  #fail(item, reason) {
    item.state = 'failed';
    item.reason = reason;
  }
}
