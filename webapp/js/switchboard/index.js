// @ts-check
/** @import {Clock, Doors, Kind, Place, State} from './types.js' */
import { SwitchboardError } from './codec.js';
import { Backoff, Connection } from './connection.js';
import { Outbox } from './outbox.js';
import { Subscription, inner } from './subscription.js';
import { choose, websocket } from './transports.js';

export { SwitchboardError, websocket };

/** @type {Clock} */
const CLOCK = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** A client of `superchat`. What its methods do is told in `index.d.ts`. */
export class Switchboard extends EventTarget {
  #options;
  /** @type {Connection} */ #connection;
  /** @type {Outbox} */ #outbox;
  /** @type {Map<string, Place>} */ #places = new Map();
  /** @type {Map<number, Place>} by the id of the `subscribe` under way */ #asked = new Map();
  /** @type {Set<string>} what the `connect` under way asks for */ #hello = new Set();
  #user = '';
  #keys = 0;
  #keyPrefix = crypto.getRandomValues(new Uint32Array(3)).join('-');
  /** @type {string | null} */ #transport = null;
  #listening = new AbortController();

  /** @param {string | URL | (() => any)} url @param {Record<string, any>} [given] */
  constructor(url, given = {}) {
    super();
    const options = (this.#options = {
      clock: CLOCK,
      random: Math.random,
      page: globalThis,
      fetch: globalThis.fetch?.bind(globalThis),
      queue: 1000,
      minDelay: 500,
      maxDelay: 30_000,
      connectTimeout: 10_000,
      climbAfter: 300_000,
      pollInterval: 1000,
      rememberFor: 3_600_000,
      ...given,
    });
    const { clock, random, page } = options;
    const fixed = typeof url === 'function' ? null : absolute(url);
    this.#connection = new Connection({
      ...options,
      ...memory(options),
      url: async () => fixed ?? absolute(await /** @type {() => any} */ (url)()),
      tickets: fixed === null,
      transports: choose(options),
      offline: () => page.navigator?.onLine === false,
      hello: (id, token) => this.#introduce(id, token),
      quiet: () => this.#outbox.quiet(),
      resume: () => this.#outbox.resume(),
      onUp: (connected, moved) => this.#up(connected, moved),
      onDown: (forget) => this.#down(forget),
      onMessage: (message) => this.#take(message),
      onState: (state) => this.#changed(state),
    });
    this.#outbox = new Outbox({
      clock,
      random,
      capacity: options.queue,
      encode: (command) => this.#connection.encode(command),
      send: (command) => this.#connection.send(command),
    });
    this.#watch(page);
    this.#connection.connect();
  }

  get state() {
    return this.#connection.state;
  }

  connect() {
    this.#connection.connect();
  }

  /** @param {string} channel @param {any} [options] @returns {Subscription} */
  subscribe(channel, options) {
    const known = this.#places.get(name(channel));
    if (known) {
      if (options && !known.given) {
        throw new TypeError(`${channel} is subscribed: options count for the first time only`);
      }
      known.given = false;
      return known.subscription;
    }
    if (this.state.kind === 'closed') throw new SwitchboardError('closed', 'it was closed');
    const place = this.#place(channel, options ?? {}, false);
    // By then a page that asks for ten channels in a row has asked for all of them.
    queueMicrotask(() => this.#ask(place));
    return place.subscription;
  }

  /** @param {string} channel @param {any} data @param {any} [options] */
  async publish(channel, data, { key, ephemeral } = {}) {
    name(channel);
    /** @type {Record<string, any>} */
    const command = { type: 'publish', channel, data: snapshot(data) };
    if (ephemeral) command.ephemeral = true;
    else if (key !== false) key ??= `${this.#keyPrefix}-${++this.#keys}`;
    if (key) command.key = key;
    return this.#add(command, ephemeral ? 'passing' : key ? 'keyed' : 'once');
  }

  /** @param {string} channel @param {any} [options] */
  async history(channel, { since, limit, reverse } = {}) {
    const command = { type: 'history', channel: name(channel), since, limit, reverse };
    return this.#add(command, 'question');
  }

  /** @param {string} channel */
  async presence(channel) {
    return (await this.#add({ type: 'presence', channel: name(channel) }, 'question')).members;
  }

  /** @param {string} channel @param {number} [offset] */
  ack(channel, offset) {
    const place = this.#places.get(channel);
    if (!place) throw new SwitchboardError('not-subscribed', `${channel} is not subscribed`);
    place.subscription.ack(offset);
  }

  close() {
    if (this.state.kind === 'closed') return;
    this.#listening.abort();
    this.#connection.close();
    for (const channel of [...this.#places.keys()]) this.#drop(channel, null);
  }

  /** @param {Record<string, any>} command @param {Kind} kind */
  #add(command, kind) {
    const { kind: state } = this.state;
    if (/closed|ended/.test(state)) throw new SwitchboardError('closed', `it is ${state}`);
    return this.#outbox.add(command, kind);
  }

  /** @param {number} id @param {string} [token] */
  #introduce(id, token) {
    const { client, name: called } = /** @type {any} */ (this.#options);
    /** @type {Record<string, any>} */ const subs = {};
    this.#hello.clear();
    for (const [channel, { subscription, presence, token: own, given }] of this.#places) {
      // The rest is asked for by `subscribe`: a `connect` cannot say more than a position.
      if (presence || own !== undefined || (given && !subscription.position)) continue;
      subs[channel] = subscription.position;
      this.#hello.add(channel);
    }
    const wants = this.#hello.size > 0 ? subs : undefined;
    const introduced = typeof called === 'function' ? called() : called;
    return { type: 'connect', id, token, client, name: introduced, subs: wants };
  }

  /** @param {any} connected @param {boolean} moved */
  #up({ user, limits, subs = {} }, moved) {
    this.#user = user;
    for (const [channel, outcome] of Object.entries(subs)) {
      const place = this.#places.get(channel);
      if (!place && this.#hello.has(channel))
        this.#connection.send({ type: 'unsubscribe', channel });
      else if (outcome.type === 'error') this.#refused(place, outcome);
      else this.#start(channel, outcome, moved);
    }
    this.#hello.clear();
    for (const [channel, place] of [...this.#places]) {
      if (subs[channel]) continue;
      if (!place.given) this.#ask(place);
      else this.#drop(channel, new SwitchboardError('not-subscribed', 'the server took it off'));
    }
    this.#outbox.up(user, limits);
  }

  /** @param {boolean} forget */
  #down(forget) {
    this.#asked.clear();
    for (const [channel, place] of [...this.#places]) {
      this.#options.clock.clearTimeout(place.timer);
      place.timer = null;
      inner.down(place.subscription, forget);
      // What the application on the server gave holds for a session; one's own channel for a user.
      if (place.given && channel !== `user:${this.#user}`) {
        const why = 'it held for that session';
        this.#drop(channel, new SwitchboardError('not-subscribed', why, true));
      }
    }
    this.#outbox.down();
  }

  /** @param {any} message */
  #take(message) {
    const { type, channel, re } = message;
    const place = this.#places.get(channel);
    if (['publication', 'joined', 'left', 'gap'].includes(type)) {
      if (place) inner.heard(place.subscription, message);
    } else if (type === 'subscribed') {
      if (re === undefined || (place && place === this.#asked.get(re))) {
        this.#start(channel, message);
      }
      this.#asked.delete(re);
    } else if (type === 'unsubscribed') {
      if (re === undefined && place) {
        inner.down(place.subscription, false);
        const { code, reason, resubscribe } = message;
        this.#refused(place, { code, message: reason, retry: resubscribe });
      }
    } else if (this.#asked.has(re)) {
      const asked = this.#asked.get(re);
      this.#asked.delete(re);
      if (type === 'error') this.#refused(asked, message);
    } else if (!this.#outbox.answer(message) && (type === 'error' || type === 'malformed')) {
      const { code = type, message: text, retry } = message;
      this.#tell('error', new SwitchboardError(code, text, retry));
    }
  }

  /** @param {string} channel @param {any} subscribed @param {boolean} [moved] */
  #start(channel, subscribed, moved = false) {
    const known = this.#places.get(channel);
    const place = known ?? this.#place(channel, {}, true);
    place.backoff.reset();
    if (!known) this.#tell('subscription', place.subscription);
    inner.started(place.subscription, subscribed, moved);
  }

  /** @param {string} channel @param {any} options @param {boolean} given @returns {Place} */
  #place(channel, { since = null, presence = false, token }, given) {
    /** @type {Doors} */
    const doors = {
      publish: (data, how) => this.publish(channel, data, how),
      history: (which) => this.history(channel, which),
      presence: () => this.presence(channel),
      ack: (offset) => this.#connection.send({ type: 'ack', channel, offset }),
      unsubscribe: () => {
        this.#connection.send({ type: 'unsubscribe', channel });
        this.#drop(channel, null);
      },
    };
    const subscription = new Subscription(channel, doors, since);
    const backoff = new Backoff(this.#options.random, 1000, 30_000);
    const place = { subscription, presence, token, given, backoff, timer: null };
    this.#places.set(channel, place);
    return place;
  }

  /** Asks for it, if it is still wanted and nobody has. @param {Place} place */
  async #ask(place) {
    const { subscription, presence, token } = place;
    const { channel } = subscription;
    const { state } = this;
    const wanted = () =>
      this.state === state &&
      this.#places.get(channel) === place &&
      subscription.state === 'pending' &&
      ![...this.#asked.values()].includes(place);
    if (state.kind !== 'online' || place.timer !== null || !wanted()) return;
    /** @type {Record<string, any>} */
    const command = { type: 'subscribe', channel };
    if (token !== undefined) {
      try {
        command.token = typeof token === 'function' ? await token(channel) : token;
      } catch (failure) {
        const refusal = { code: 'token', message: String(failure), retry: true };
        return wanted() && this.#refused(place, refusal);
      }
      if (!wanted()) return;
    }
    command.since = subscription.position ?? undefined;
    command.presence = presence || undefined;
    const id = this.#connection.send(command);
    if (id > 0) this.#asked.set(id, place);
  }

  /** @param {Place | undefined} place @param {any} error */
  #refused(place, { code, message, retry, retryAfter }) {
    if (!place || place.subscription.state !== 'pending') return;
    const { channel } = place.subscription;
    if (this.#places.get(channel) !== place) return;
    if (!retry) return this.#drop(channel, new SwitchboardError(code, message));
    const wait = Math.max(Number(retryAfter) || 0, place.backoff.next());
    this.#options.clock.clearTimeout(place.timer);
    place.timer = this.#options.clock.setTimeout(() => {
      place.timer = null;
      this.#ask(place);
    }, wait);
  }

  /** @param {string} channel @param {SwitchboardError | null} error */
  #drop(channel, error) {
    const place = this.#places.get(channel);
    if (!place) return;
    this.#places.delete(channel);
    this.#options.clock.clearTimeout(place.timer);
    inner.ended(place.subscription, error);
  }

  /** @param {State} state */
  #changed(state) {
    if (state.kind === 'ended' || state.kind === 'closed') {
      const why = state.kind === 'ended' ? `ended: ${state.code} ${state.reason}` : 'it was closed';
      this.#asked.clear();
      this.#outbox.end(new SwitchboardError('closed', why));
    }
    this.#tell('state', state);
    if (this.state !== state || state.kind !== 'online' || state.transport === this.#transport)
      return;
    const detail = { from: this.#transport, to: state.transport };
    this.#transport = state.transport;
    this.#tell('transport', detail);
  }

  /** @param {string} type @param {any} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {any} page */
  #watch(page) {
    const { document } = page;
    const connection = this.#connection;
    /** @type {[any, string, () => void][]} */
    const ears = [
      [page, 'online', () => connection.climb()],
      [page, 'online', () => connection.wake()],
      [page, 'offline', () => connection.check()],
      [page, 'pageshow', () => connection.wake()],
      [page, 'pagehide', () => connection.hide()],
      [
        document,
        'visibilitychange',
        () => document.visibilityState === 'visible' && connection.wake(),
      ],
    ];
    const { signal } = this.#listening;
    if (!document?.addEventListener) return;
    for (const [target, type, act] of ears) target.addEventListener(type, act, { signal });
  }
}

/** @param {any} channel @returns {string} */
function name(channel) {
  if (typeof channel === 'string' && channel.includes(':')) return channel;
  throw new TypeError('channel: expected namespace:name');
}

/** As it is now; whoever changes it later does not change the message. @param {any} data */
function snapshot(data) {
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  }
  const text = JSON.stringify(data);
  if (text === undefined) throw new TypeError('data: expected a JSON value or bytes');
  return JSON.parse(text);
}

/** @param {string | URL} url @returns {string} with `http:` or `https:` */
function absolute(url) {
  return new URL(url, globalThis.location?.href).href.replace(/^ws/, 'http');
}

/** Remembers which transport worked, where a browser lets us. @param {any} options */
function memory({ storage, rememberFor, page, clock }) {
  let key = '';
  const attempt = (/** @type {(store: Storage) => any} */ act) => {
    try {
      return act(storage ?? (page.document && page.localStorage));
    } catch {
      return null; // Browsers may forbid it, and nothing may be there.
    }
  };
  const find = () =>
    attempt((store) => {
      const { name, at } = JSON.parse(store.getItem(key) ?? '');
      return clock.now() - at < rememberFor ? name : null;
    });
  return {
    recall(/** @type {string} */ url) {
      const { origin, pathname } = new URL(url);
      key = `switchboard ${origin}${pathname}`;
      return find();
    },
    remember(/** @type {string | null} */ name) {
      // Not each time: it is forgotten after a while even where it works, and the best is tried.
      if (name === null) attempt((store) => store.removeItem(key));
      else if (find() !== name) {
        attempt((store) => store.setItem(key, JSON.stringify({ name, at: clock.now() })));
      }
    },
  };
}
