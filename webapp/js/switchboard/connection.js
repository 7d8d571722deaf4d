// @ts-check
import { Backoff } from './backoff.js';
import { verdict } from './closing.js';
import { decode, encode } from './codec.js';

/**
 * @typedef {import('./transport/websocket.js').Transport} Transport
 * @typedef {import('./transport/websocket.js').Link} Link
 * @typedef {{kind: 'idle'}
 *   | {kind: 'connecting', transport: string}
 *   | {kind: 'online', transport: string, session: string, user: string}
 *   | {kind: 'waiting', until: number, code: number, reason: string}
 *   | {kind: 'ended', code: number, reason: string, needs: 'nothing' | 'credentials'}
 *   | {kind: 'closed'}} State
 * @typedef {{now(): number, setTimeout(run: () => void, ms: number): any,
 *   clearTimeout(timer: any): void}} Clock
 *
 * @typedef {object} Surroundings
 * @property {() => string | Promise<string>} url asked before each attempt
 * @property {((why: 'connect' | 'expired' | 'refused') => any) | undefined} token
 * @property {Transport[]} transports best first
 * @property {Clock} clock
 * @property {() => number} random in [0, 1)
 * @property {number} minDelay @property {number} maxDelay of the backoff, in ms
 * @property {(id: number, token?: string) => Record<string, any>} hello makes the `connect`
 * @property {(connected: any) => void} onUp
 * @property {(forget: boolean) => void} onDown `forget`: positions are not worth anything
 * @property {(message: any) => void} onMessage what is not about the connection itself
 * @property {(state: State) => void} onState
 */

/** From the first question to `connected`, in ms. */
const CONNECT_TIMEOUT = 10_000;
/** How much longer than the heartbeat the server may be silent, in ms. */
const GRACE = 10_000;
/** How long the answer to a probe may take, in ms. */
const PROBE_TIMEOUT = 5_000;
/** A connection that lasted this long (ms) is a good one: backoff starts afresh. */
const STABLE_AFTER = 10_000;
/** How long a lesser transport is kept before the best is tried again, in ms. */
const CLIMB_AFTER = 300_000;
/** A transport that worked before is given up after so many failures. */
const PATIENCE = 3;

/** One lasting line to the server made of one link after another. It owns all that is time. */
export class Connection {
  #around;
  #backoff;
  /** @type {State} */ #state = { kind: 'idle' };
  /** @type {Link | null} */ #link = null;
  /** @type {any} */ #bye = null;
  /** @type {any} */ #timer = null;
  /** @type {any} */ #stableTimer = null;
  /** @type {any} */ #drainTimer = null;
  /** What is late from an earlier attempt carries an older number. */
  #run = 0;
  #id = 0;
  #heartbeat = 25_000;
  #heard = 0;
  #opened = false;
  #probing = false;
  #notBefore = 0;
  /** @type {string | undefined} */ #token;
  /** @type {'connect' | 'expired' | 'refused'} */ #why = 'connect';
  #at = 0;
  #worked = -1;
  #failures = 0;
  #climbAt = 0;

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    this.#backoff = new Backoff(around.random, around.minDelay, around.maxDelay);
  }

  get state() {
    return this.#state;
  }

  /** Connects now, unless that is so already or the client was closed. */
  async connect() {
    if (['connecting', 'online', 'closed'].includes(this.#state.kind)) return;
    const { clock, token, transports } = this.#around;
    const run = this.#reset();
    this.#bye = null;
    this.#opened = false;
    this.#id = 0;
    if (this.#at > 0 && clock.now() >= this.#climbAt) this.#at = 0;
    const transport = transports[this.#at];
    this.#after(CONNECT_TIMEOUT, () => this.#abandon(1006, 'no answer within 10 s'));
    this.#become({ kind: 'connecting', transport: transport.name });
    let url;
    try {
      url = await this.#around.url();
      if (token && this.#token === undefined) {
        const fresh = await token(this.#why);
        if (run !== this.#run) return;
        if (fresh == null) return this.#end(4300, 'token() gave none', 'credentials');
        this.#token = fresh;
      }
    } catch (failure) {
      if (run === this.#run) this.#closed(1006, String(failure), true);
      return;
    }
    if (run !== this.#run) return;
    try {
      const mine =
        (/** @type {(...given: any[]) => void} */ act) =>
        (/** @type {any[]} */ ...g) => {
          if (run === this.#run) act(...g);
        };
      this.#link = transport.open(url, {
        opened: mine(() => this.#hello()),
        message: mine((frame) => this.#received(run, frame)),
        closed: mine((code, reason) => this.#closed(code, reason)),
      });
    } catch (failure) {
      this.#end(0, String(failure), 'nothing');
    }
  }

  /**
   * Sends a command, with the next id where it takes one.
   *
   * @param {Record<string, any>} command
   * @param {boolean} [numbered]
   * @returns {number} its id; 0 if it was not sent
   */
  send({ type, ...rest }, numbered = true) {
    if (this.#state.kind !== 'online' || !this.#link) return 0;
    const id = numbered ? ++this.#id : -1;
    this.#write(numbered ? { type, id, ...rest } : { type, ...rest });
    return id;
  }

  /** Things look better: a wait is over, except one that the server asked for; a line is tested. */
  wake() {
    if (this.#state.kind === 'waiting') {
      const wait = this.#notBefore - this.#around.clock.now();
      if (wait > 0) this.#after(wait, () => this.connect());
      else this.connect();
    } else this.check();
  }

  /** Asks for a sign of life now, instead of when the silence gets long. */
  check() {
    if (this.#state.kind !== 'online') return;
    const silence = this.#around.clock.now() - this.#heard;
    if (silence >= this.#heartbeat + GRACE) return this.#abandon(4201, 'silence');
    this.#probing = true;
    this.send({ type: 'ping' });
    this.#after(PROBE_TIMEOUT, () => {
      if (this.#probing) this.#abandon(4201, 'no answer to a ping');
      else this.#watch();
    });
  }

  /** Ends it for good. */
  close() {
    const link = this.#link;
    this.#reset();
    link?.close(1000, '');
    this.#become({ kind: 'closed' });
  }

  /** Forgets link and timers. @returns {number} the number of what comes now */
  #reset() {
    const { clock } = this.#around;
    this.#link = null;
    clock.clearTimeout(this.#timer);
    clock.clearTimeout(this.#stableTimer);
    clock.clearTimeout(this.#drainTimer);
    return ++this.#run;
  }

  #hello() {
    this.#opened = true;
    this.#heard = this.#around.clock.now();
    this.#write(this.#around.hello(++this.#id, this.#token));
  }

  /** @param {Record<string, any>} command */
  #write(command) {
    this.#link?.send(encode(command, this.#around.transports[this.#at].binary));
  }

  /** @param {number} run @param {unknown} frame */
  #received(run, frame) {
    this.#probing = false;
    this.#heard = this.#around.clock.now();
    for (const message of decode(frame)) {
      if (run !== this.#run) return;
      this.#take(message);
    }
  }

  /** @param {any} message */
  #take(message) {
    const connecting = this.#state.kind === 'connecting';
    switch (message.type) {
      case 'connected':
        if (connecting) this.#up(message);
        return;
      case 'ping':
        this.send({ type: 'pong' }, false);
        return;
      case 'bye':
        this.#bye = message;
        return;
      case 'drain':
        this.#drain(message);
        return;
      case 'expiring':
        this.#refresh();
        return;
      case 'error':
        if (connecting && message.re === 1) return this.#refused(message);
    }
    this.#around.onMessage(message);
  }

  /** @param {any} message */
  #up(message) {
    const { clock, transports } = this.#around;
    this.#heartbeat = (message.heartbeat || 25) * 1000;
    this.#worked = this.#at;
    this.#failures = 0;
    this.#why = 'connect';
    this.#stableTimer = clock.setTimeout(() => this.#backoff.reset(), STABLE_AFTER);
    const { session, user } = message;
    /** @type {State} */
    const state = { kind: 'online', transport: transports[this.#at].name, session, user };
    this.#state = state;
    this.#watch();
    this.#around.onUp(message);
    if (this.#state === state) this.#around.onState(state);
  }

  #watch() {
    const silence = this.#around.clock.now() - this.#heard;
    const left = this.#heartbeat + GRACE - silence;
    if (left <= 0) this.#abandon(4201, 'silence');
    else this.#after(left, () => this.#watch());
  }

  /** @param {{after: number, within: number}} window in ms */
  #drain({ after, within }) {
    const { clock, random } = this.#around;
    const wait = after + Math.floor(random() * within);
    this.#notBefore = clock.now() + wait;
    clock.clearTimeout(this.#drainTimer);
    this.#drainTimer = clock.setTimeout(() => this.#abandon(4200, 'drain'), wait);
  }

  /** Shows new credentials before the old ones end. If that fails, the server's close asks again. */
  async #refresh() {
    const { token } = this.#around;
    const run = this.#run;
    try {
      const fresh = await token?.('expired');
      if (fresh == null || run !== this.#run) return;
      this.#token = fresh;
      this.send({ type: 'refresh', token: fresh });
    } catch (failure) {
      this.#around.onMessage({ type: 'error', code: 'token', message: String(failure) });
    }
  }

  /** `connect` was answered by an error. @param {any} error */
  #refused({ code, message, retry, retryAfter }) {
    const credentials = code === 'unauthenticated' || code === 'token-expired';
    if (retry) this.#bye = { code: 4104, reason: message, after: retryAfter };
    this.#abandon(credentials ? 4300 : retry ? 4104 : 4000, message);
  }

  /** Gives up a link; its own end may take minutes. @param {number} code @param {string} reason */
  #abandon(code, reason) {
    const link = this.#link;
    this.#link = null;
    this.#closed(code, reason);
    link?.close(code >= 3000 ? code : 4201, '');
  }

  /** @param {number} code @param {string} reason @param {boolean} [before] a link was tried */
  #closed(code, reason, before = false) {
    const { clock, token, onDown } = this.#around;
    const wasOnline = this.#state.kind === 'online';
    this.#reset();
    const end = verdict(code, reason, this.#bye);
    const fell = !this.#opened && !before && this.#fall();
    if (wasOnline) onDown(end.code === 4203);
    if (end.action === 'credentials') {
      this.#token = undefined;
      if (!token || (this.#why === 'refused' && !wasOnline)) {
        return this.#end(end.code, end.reason, 'credentials');
      }
      this.#why = wasOnline ? 'expired' : 'refused';
    }
    if (end.action === 'stop') return this.#end(end.code, end.reason, 'nothing');
    const at = clock.now();
    this.#notBefore = Math.max(this.#notBefore, at + end.floor);
    const soon = fell || end.action === 'now' || end.action === 'credentials';
    const wait = Math.max(this.#notBefore - at, soon ? this.#backoff.soon() : this.#backoff.next());
    this.#after(wait, () => this.connect());
    this.#become({ kind: 'waiting', until: at + wait, code: end.code, reason: end.reason });
  }

  /** A transport did not open. @returns {boolean} whether there is a next one to try at once */
  #fall() {
    const { clock, transports } = this.#around;
    this.#failures += 1;
    if (this.#failures < (this.#worked === this.#at ? PATIENCE : 1)) return false;
    this.#failures = 0;
    this.#at = (this.#at + 1) % transports.length;
    this.#climbAt = clock.now() + CLIMB_AFTER;
    return this.#at > 0;
  }

  /** @param {number} code @param {string} reason @param {'nothing' | 'credentials'} needs */
  #end(code, reason, needs) {
    this.#reset();
    this.#become({ kind: 'ended', code, reason, needs });
  }

  /** @param {number} ms @param {() => void} run one at a time: the timer before is forgotten */
  #after(ms, run) {
    this.#around.clock.clearTimeout(this.#timer);
    this.#timer = this.#around.clock.setTimeout(run, ms);
  }

  /** @param {State} state */
  #become(state) {
    this.#state = state;
    this.#around.onState(state);
  }
}
