// @ts-check
/** @import {Clock, Kind, Place, Position, State, Transport} from './types.js' */
import { SwitchboardError } from './codec.js';
import { Backoff, Connection } from './connection.js';
import { Outbox } from './outbox.js';
import { Subscription, inner } from './subscription.js';
import { longpoll, polling, sse } from './transport/http.js';
import { websocket } from './transport/websocket.js';

const CLOCK = {
  now: () => Date.now(),
  setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
  clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
};

/** A client of `superchat`. Connects when it is made, and again until it is closed. */
export class Switchboard extends EventTarget {
  #options;
  #clock;
  #random;
  /** @type {Connection} */ #connection;
  /** @type {Outbox} */ #outbox;
  /** @type {Map<string, Place>} */ #places = new Map();
  /** @type {Map<number, Place>} by the id of the `subscribe` under way */ #asked = new Map();
  /** @type {Set<string>} what the `connect` under way asks for */ #hello = new Set();
  #user = '';
  #keys = 0;
  #keyPrefix = '';
  /** @type {string | null} */ #transport = null;
  #listening = new AbortController();

  /** @param {string | URL | (() => any)} url @param {Record<string, any>} [options] */
  constructor(url, options = {}) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? CLOCK;
    this.#random = options.random ?? Math.random;
    const random = this.#random;
    const clock = this.#clock;
    for (const byte of crypto.getRandomValues(new Uint8Array(9))) {
      this.#keyPrefix += byte.toString(36).padStart(2, '0');
    }
    const page = options.page ?? globalThis;
    const fixed = typeof url === 'function' ? null : absolute(url);
    this.#connection = new Connection({
      url: async () => fixed ?? absolute(await /** @type {() => any} */ (url)()),
      token: options.token,
      tickets: fixed === null,
      transports: transports(options, clock, random),
      ...memory(options, page, clock),
      clock,
      random,
      times: {
        connect: options.connectTimeout ?? 10_000,
        stable: 10_000,
        climb: options.climbAfter ?? 300_000,
        minDelay: options.minDelay ?? 500,
        maxDelay: options.maxDelay ?? 30_000,
      },
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
      capacity: options.queue ?? 1000,
      encode: (command) => this.#connection.encode(command),
      send: (command) => this.#connection.send(command),
    });
    this.#watchPage(page);
    this.#connection.connect();
  }

  get state() {
    return this.#connection.state;
  }

  /** Comes back by hand, where the state is `ended`, or at once, where it is `waiting`. */
  connect() {
    this.#connection.connect();
  }

  /**
   * Listens on a channel; by the same subscription if that is so already.
   *
   * @param {string} channel @param {{since?: Position, presence?: boolean, token?: any}} [options]
   * @returns {Subscription}
   */
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

  /**
   * @param {string} channel
   * @param {any} data a JSON value, or bytes
   * @param {{key?: string | false, ephemeral?: boolean}} [options]
   */
  async publish(channel, data, { key, ephemeral } = {}) {
    name(channel);
    /** @type {Record<string, any>} */
    const command = { type: 'publish', channel, data: snapshot(data) };
    if (ephemeral) command.ephemeral = true;
    else if (key !== false) key ??= `${this.#keyPrefix}-${++this.#keys}`;
    if (key) command.key = key;
    return this.#add(command, ephemeral ? 'passing' : key ? 'keyed' : 'once');
  }

  /**
   * @param {string} channel
   * @param {{since?: Position, limit?: number, reverse?: boolean}} [options]
   */
  async history(channel, { since, limit, reverse } = {}) {
    return this.#add(
      { type: 'history', channel: name(channel), since, limit, reverse },
      'question',
    );
  }

  /** @param {string} channel */
  async presence(channel) {
    return (await this.#add({ type: 'presence', channel: name(channel) }, 'question')).members;
  }

  /** Moves the user's read marker of a subscribed channel. @param {string} channel @param {number} [offset] */
  ack(channel, offset) {
    const place = this.#places.get(channel);
    if (!place) throw new SwitchboardError('not-subscribed', `${channel} is not subscribed`);
    place.subscription.ack(offset);
  }

  /** Ends everything: what waits is rejected, iterators are done. */
  close() {
    if (this.state.kind === 'closed') return;
    this.#listening.abort();
    this.#connection.close();
    for (const channel of [...this.#places.keys()]) this.#drop(channel, null);
  }

  /** @param {Record<string, any>} command @param {Kind} kind */
  #add(command, kind) {
    const { kind: state } = this.state;
    if (state === 'closed' || state === 'ended')
      throw new SwitchboardError('closed', `it is ${state}`);
    return this.#outbox.add(command, kind);
  }

  /** @param {number} id @param {string} [token] */
  #introduce(id, token) {
    const { client, name: called } = this.#options;
    /** @type {Record<string, Position | null>} */ const subs = {};
    this.#hello.clear();
    for (const [channel, { subscription, presence, token: own, given }] of this.#places) {
      // The rest is asked for by `subscribe`: a `connect` cannot say more than a position.
      if (presence || own !== undefined || (given && !subscription.position)) continue;
      subs[channel] = subscription.position;
      this.#hello.add(channel);
    }
    const wants = this.#hello.size > 0 ? subs : undefined;
    return { type: 'connect', id, token, client, name: called, subs: wants };
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
      this.#clock.clearTimeout(place.timer);
      place.timer = null;
      inner.down(place.subscription, forget);
      // What the application on the server gave holds for a session; one's own channel for a user.
      if (place.given && channel !== `user:${this.#user}`) {
        this.#drop(
          channel,
          new SwitchboardError('not-subscribed', 'it held for that session', true),
        );
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
      const asked = this.#asked.get(re);
      if (re === undefined) this.#start(channel, message);
      else if (asked && asked === place) this.#start(channel, message);
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
      const error = new SwitchboardError(message.code ?? type, message.message, message.retry);
      this.dispatchEvent(new CustomEvent('error', { detail: error }));
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
    const doors = {
      publish: (/** @type {any} */ data, /** @type {any} */ o) => this.publish(channel, data, o),
      history: (/** @type {any} */ o) => this.history(channel, o),
      presence: () => this.presence(channel),
      ack: (/** @type {number} */ offset) => {
        this.#connection.send({ type: 'ack', channel, offset }, false);
      },
      unsubscribe: () => {
        this.#connection.send({ type: 'unsubscribe', channel });
        this.#drop(channel, null);
      },
    };
    const subscription = new Subscription(channel, doors, since);
    const backoff = new Backoff(this.#random, 1000, 30_000);
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
        if (wanted())
          this.#refused(place, { code: 'token', message: String(failure), retry: true });
        return;
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
    this.#clock.clearTimeout(place.timer);
    place.timer = this.#clock.setTimeout(() => {
      place.timer = null;
      this.#ask(place);
    }, wait);
  }

  /** @param {string} channel @param {SwitchboardError | null} error */
  #drop(channel, error) {
    const place = this.#places.get(channel);
    if (!place) return;
    this.#places.delete(channel);
    this.#clock.clearTimeout(place.timer);
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
    if (this.state !== state || state.kind !== 'online' || state.transport === this.#transport) return;
    const detail = { from: this.#transport, to: state.transport };
    this.#transport = state.transport;
    this.#tell('transport', detail);
  }

  /** @param {string} type @param {any} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {any} page */
  #watchPage(page) {
    const { document } = page;
    if (!document?.addEventListener) return;
    const until = { signal: this.#listening.signal };
    const wake = () => this.#connection.wake();
    page.addEventListener('online', () => this.#connection.climb(), until);
    page.addEventListener('online', wake, until);
    page.addEventListener('pageshow', wake, until);
    page.addEventListener('pagehide', () => this.#connection.hide(), until);
    page.addEventListener('offline', () => this.#connection.check(), until);
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState === 'visible') wake();
      },
      until,
    );
  }
}

/** @param {any} channel @returns {string} */
function name(channel) {
  if (typeof channel === 'string' && channel.includes(':')) return channel;
  throw new TypeError('channel: expected namespace:name');
}

/** The data as it is now; whoever changes it later does not change the message. @param {any} data */
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
  const whole = new URL(url, globalThis.location?.href);
  return whole.href.replace(/^ws/, 'http');
}

/**
 * The transports by their names, or as they are given.
 *
 * @param {Record<string, any>} options @param {Clock} clock @param {() => number} random
 * @returns {Transport[]}
 */
function transports(options, clock, random) {
  const http = {
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    clock,
    random,
    interval: options.pollInterval ?? 1000,
  };
  /** @type {Record<string, Transport>} */
  const known = {
    websocket: websocket(options.WebSocket),
    sse: sse(http),
    longpoll: longpoll(http),
    polling: polling(http),
  };
  const names = Object.keys(known);
  return (options.transports ?? names).map((/** @type {string | Transport} */ one) => {
    const transport = typeof one === 'string' ? known[one] : one;
    if (transport) return transport;
    throw new TypeError(`transports: ${one} is none of ${names.join(', ')}`);
  });
}

/**
 * Remembers which transport worked, where a browser lets us.
 *
 * @param {Record<string, any>} options @param {any} page @param {Clock} clock
 */
function memory({ storage, rememberFor = 3_600_000 }, page, clock) {
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
