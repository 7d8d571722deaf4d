// @ts-check
/** @import {Doors, Inner, Position} from './types.js' */
import { SwitchboardError } from './codec.js';

/** What an iterator keeps for a reader that does not read. */
const UNREAD = 10_000;

/** @type {Inner} What Switchboard may do to a subscription and its holder may not. */
export let inner;

/**
 * One channel, over all connections. Its position is the last publication that was told; whatever
 * is not after it was told before and is left out.
 */
export class Subscription extends EventTarget {
  #channel;
  #doors;
  /** @type {'pending' | 'subscribed' | 'ended'} */ #state = 'pending';
  /** @type {Position | null} */ #position;
  #read = 0;
  #marker = 0;
  /** @type {Map<string, {user: string, name?: string, sessions: Set<string>}>} */
  #users = new Map();
  /** @type {Set<{put(event: {type: string, detail: any}): void, end(error: Error | null): void}>} */
  #sinks = new Set();
  /** @type {SwitchboardError | null} */ #error = null;

  /** @type {any[]} over HTTP they may come before the answer to `subscribe` */ #early = [];

  static {
    inner = {
      started: (s, message, moved) => s.#started(message, moved),
      heard: (s, message) => s.#heard(message),
      down: (s, forget) => s.#down(forget),
      ended: (s, error) => s.#ended(error),
    };
  }

  /** @param {string} channel @param {Doors} doors @param {Position | null} since */
  constructor(channel, doors, since) {
    super();
    this.#channel = channel;
    this.#doors = doors;
    this.#position = since && { epoch: since.epoch, offset: since.offset };
  }

  get channel() {
    return this.#channel;
  }

  get state() {
    return this.#state;
  }

  /** @returns {Position | null} up to where everything was told */
  get position() {
    return this.#position && { ...this.#position };
  }

  /** How far the user has read, by the server's marker and `ack`. */
  get read() {
    return Math.max(this.#read, this.#marker);
  }

  /** Who is there, where presence was asked for; a user counts with all its sessions. */
  get users() {
    return [...this.#users.values()].map((one) => ({ ...one, sessions: one.sessions.size }));
  }

  /** @param {any} data @param {any} [options] */
  publish(data, options) {
    return this.#doors.publish(data, options);
  }

  /** @param {any} [options] */
  history(options) {
    return this.#doors.history(options);
  }

  presence() {
    return this.#doors.presence();
  }

  /** Says how far the user has read. @param {number} [offset] */
  ack(offset = this.#position?.offset ?? 0) {
    if (!(Number.isSafeInteger(offset) && offset >= 0)) {
      throw new TypeError('offset: expected an offset of this channel');
    }
    if (offset <= this.read) return;
    this.#marker = offset;
    if (this.#state === 'subscribed') this.#doors.ack(offset);
  }

  unsubscribe() {
    if (this.#state !== 'ended') this.#doors.unsubscribe();
  }

  /** Publications from now on. */
  [Symbol.asyncIterator]() {
    return this.#iterate((event) => (event.type === 'publication' ? [event.detail] : []));
  }

  /** All events from now on, as `{type, detail}`. */
  events() {
    return this.#iterate((event) => [event]);
  }

  /** @param {any} message `subscribed` @param {boolean} moved while another line told us all */
  #started({ epoch, offset, recovered, publications, presence, read }, moved) {
    const before = this.#position;
    const first = publications[0]?.offset;
    const same = before?.epoch === epoch;
    const whole = same && (recovered === true || (moved && offset <= (before?.offset ?? 0)));
    if (!whole) this.#position = { epoch, offset: first ? first - 1 : offset };
    const lost = before !== null && !whole && (recovered === false || !same);
    if (lost) this.#marker = 0;
    this.#read = read ?? 0;
    this.#state = 'subscribed';
    if (this.#marker > this.#read) this.#doors.ack(this.#marker);
    if (presence) {
      this.#users.clear();
      for (const member of presence) this.#came(member);
    }
    const ok = before === null ? undefined : !lost;
    this.#emit('subscribed', { epoch, offset, recovered: ok, presence, read });
    if (lost) this.#emit('reload', { epoch, offset });
    for (const publication of publications) this.#publication(publication);
    for (const message of this.#early.splice(0)) this.#heard(message);
  }

  /** @param {any} message */
  #heard(message) {
    const { type, channel, ...detail } = message;
    if (this.#state === 'pending') this.#early.push(message);
    if (this.#state !== 'subscribed') return;
    if (type === 'publication') this.#publication(detail);
    else if (type === 'gap') this.#gap(detail.from, detail.to, true);
    else if (type === 'joined') {
      if (this.#came(detail)) this.#emit(type, { ...detail, sessions: this.#count(detail.user) });
    } else {
      this.#went(detail);
      this.#emit(type, { ...detail, sessions: this.#count(detail.user) });
    }
  }

  /** @param {any} publication */
  #publication(publication) {
    const { offset } = publication;
    const position = this.#position;
    if (this.#state !== 'subscribed' || !position) return;
    if (offset !== undefined) {
      if (offset <= position.offset) return;
      if (offset > position.offset + 1) this.#gap(position.offset + 1, offset - 1, false);
      position.offset = offset;
    }
    this.#emit('publication', { channel: this.#channel, ...publication });
  }

  /** @param {number} from @param {number} to @param {boolean} told whether the server said it */
  #gap(from, to, told) {
    const position = this.#position;
    if (!position || to <= position.offset) return;
    const begin = Math.max(from, position.offset + 1);
    position.offset = to;
    this.#emit('gap', { from: begin, to, told });
  }

  /** @param {any} member @returns {boolean} whether that is news */
  #came({ session, user, name }) {
    const one = this.#users.get(user) ?? { user, name, sessions: new Set() };
    const news = !one.sessions.has(session);
    if (name !== undefined) one.name = name;
    one.sessions.add(session);
    this.#users.set(user, one);
    return news;
  }

  /**
   * A session that came back in place of another one was not told of: where the one that left is
   * unknown, the user has one less all the same.
   *
   * @param {any} member
   */
  #went({ session, user }) {
    const one = this.#users.get(user);
    if (!one) return;
    if (!one.sessions.delete(session))
      one.sessions.delete(one.sessions.values().next().value ?? '');
    if (one.sessions.size === 0) this.#users.delete(user);
  }

  /** @param {string} user */
  #count(user) {
    return this.#users.get(user)?.sessions.size ?? 0;
  }

  /** @param {boolean} forget */
  #down(forget) {
    if (this.#state === 'ended') return;
    this.#state = 'pending';
    this.#early = [];
    // A position that is nowhere: the server cannot recover it and we come to know that all is lost.
    if (forget && this.#position) this.#position = { epoch: '-', offset: 0 };
  }

  /** @param {SwitchboardError | null} error */
  #ended(error) {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#error = error;
    this.#emit('ended', { error });
    for (const sink of [...this.#sinks]) sink.end(error);
  }

  /** @param {string} type @param {any} detail */
  #emit(type, detail) {
    for (const sink of [...this.#sinks]) sink.put({ type, detail });
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * @template T
   * @param {(event: {type: string, detail: any}) => T[]} pick
   * @returns {AsyncIterableIterator<T>}
   */
  #iterate(pick) {
    /** @type {T[]} */ const unread = [];
    /** @type {Error | null} */ let failure = this.#error;
    let over = this.#state === 'ended';
    /** @type {((news: null) => void)[]} */ const waiting = [];
    const tell = () => {
      for (const go of waiting.splice(0)) go(null);
    };
    const sink = {
      put: (/** @type {{type: string, detail: any}} */ event) => {
        unread.push(...pick(event));
        if (unread.length > UNREAD) {
          sink.end(new SwitchboardError('slow-consumer', `${UNREAD} events were left unread`));
        }
        tell();
      },
      end: (/** @type {Error | null} */ error) => {
        this.#sinks.delete(sink);
        over = true;
        failure = error;
        tell();
      },
    };
    if (!over) this.#sinks.add(sink);
    return {
      next: async () => {
        while (unread.length === 0 && !over) await new Promise((go) => waiting.push(go));
        if (unread.length > 0) return { value: /** @type {T} */ (unread.shift()), done: false };
        const error = failure;
        failure = null;
        if (error) throw error;
        return { value: undefined, done: true };
      },
      return: async () => {
        unread.length = 0;
        sink.end(null);
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
