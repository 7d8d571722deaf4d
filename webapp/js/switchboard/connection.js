// @ts-check
/** @import {Action, Bye, Fault, Line, State, Surroundings} from './types.js' */
import { decode, encode } from './codec.js';

/** How much longer than the heartbeat the server may be silent, in ms. */
const GRACE = 10_000;
/** How long the answer to a question for a sign of life may take, in ms. */
const SIGN_OF_LIFE = 5_000;
/** A connection that lasted this long (ms) is a good one. */
const STABLE = 10_000;
/** A server that goes down in order is back soon: for so long after, no wait is longer than that. */
const REDEPLOYED_WITHIN = 60_000;
const REDEPLOYED_CAP = 5_000;
/** A transport that worked before is given up after so many failures. */
const PATIENCE = 3;
/** The least wait in ms after a close that asks us to back off. */
const SLOW_FLOOR = 2_000;

const NEVER = [1000, 1002, 1003, 1007, 1008, 1009, 1011];
/** @type {Record<number, Action>} by hundreds */
const CLASSES = { 40: 'stop', 41: 'slowly', 42: 'now', 43: 'credentials' };
/** @type {Record<number, Action>} */
const SINGLE = { 1001: 'now', 1012: 'slowly', 1013: 'slowly' };

/**
 * Judges a close by its code, 1006 when no close frame came, and by the `bye` before it.
 *
 * @param {number} code @param {string} reason @param {Bye | null} bye
 * @returns {{action: Action, code: number, reason: string, floor: number}} floor in ms
 */
export function verdict(code, reason, bye) {
  const told = bye?.code || code;
  let action = NEVER.includes(told)
    ? 'stop'
    : (SINGLE[told] ?? CLASSES[Math.floor(told / 100)] ?? 'retry');
  if (bye?.reconnect === false && action !== 'credentials') action = 'stop';
  if (bye?.reconnect === true && action === 'stop') action = 'retry';
  const floor = Math.max(action === 'slowly' ? SLOW_FLOOR : 0, Number(bye?.after) || 0);
  return { action, code: told, reason: bye?.reason || reason, floor };
}

/** Full-jitter exponential backoff: anywhere between nothing and a ceiling that doubles. */
export class Backoff {
  #random;
  #base;
  #cap;
  #attempt = 0;

  /** @param {() => number} random in [0, 1) @param {number} base @param {number} cap both in ms */
  constructor(random, base, cap) {
    this.#random = random;
    this.#base = base;
    this.#cap = cap;
  }

  /** The next wait in ms, of at most `cap`. */
  next(cap = this.#cap) {
    const ceiling = Math.min(cap, this.#cap, this.#base * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    return Math.floor(this.#random() * ceiling);
  }

  /** Nothing the first time, then like {@link next}. */
  soon(cap = this.#cap) {
    if (this.#attempt > 0) return this.next(cap);
    this.#attempt = 1;
    return 0;
  }

  reset() {
    this.#attempt = 0;
  }
}

/** One lasting line to the server made of one after another. It owns all that is time. */
export class Connection {
  #around;
  #backoff;
  /** @type {State} */ #state = { kind: 'idle' };
  /** @type {Line | null} */ #line = null;
  /** @type {Line | null} of a better transport, to be used when it works */ #probe = null;
  /** @type {Bye | null} */ #bye = null;
  /** @type {any} */ #timer = null;
  /** @type {any} */ #drainTimer = null;
  /** @type {any} */ #climbTimer = null;
  #heartbeat = 25_000;
  #heard = 0;
  #upSince = 0;
  #asking = false;
  #notBefore = 0;
  /** Until when a server that has said `drain` is expected back. */ #backBy = 0;
  /** @type {string | undefined} */ #token;
  /** @type {'connect' | 'expired' | 'refused'} */ #why = 'connect';
  /** The transport to use, and the one that worked last. */
  #at = 0;
  #worked = -1;
  #failures = 0;
  #recalled = false;
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
  connect() {
    if (['connecting', 'online', 'closed'].includes(this.#state.kind)) return;
    this.#reset();
    this.#bye = null;
    this.#line = newLine(this.#at);
    this.#after(this.#around.connectTimeout, () => this.#abandon(1006, 'no answer in time'));
    this.#become({ kind: 'connecting', transport: this.#name(this.#at) });
    this.#dial(this.#line);
  }

  /** @param {Record<string, any>} command @returns {number} its id; 0 if it was not sent */
  send({ type, ...rest }) {
    const line = this.#line;
    if (this.#state.kind !== 'online' || !line) return 0;
    const id = /ack|pong/.test(type) ? undefined : ++line.id;
    line.link?.send(this.encode({ type, id, ...rest }));
    return line.id;
  }

  /** As it goes over the line. @param {Record<string, any>} command */
  encode(command) {
    return encode(command, this.#around.transports[this.#line?.at ?? 0].binary);
  }

  /** Things look better: a wait is over, except one that the server asked for; a line is tested. */
  wake() {
    if (this.#state.kind === 'waiting') {
      const wait = this.#notBefore - this.#around.clock.now();
      if (wait > 0) this.#after(wait, () => this.connect());
      else this.connect();
    } else this.check();
  }

  /** The network may be another one: better transports may work now. */
  climb() {
    this.#climbAt = 0;
    if (this.#state.kind === 'online' && !this.#probe) this.#try(0);
  }

  /** Asks for a sign of life now, instead of when the silence gets long. */
  check() {
    if (this.#state.kind !== 'online') return;
    if (this.#silence() >= this.#heartbeat + GRACE) return this.#abandon(4201, 'silence');
    this.#asking = true;
    this.send({ type: 'ping' });
    this.#after(SIGN_OF_LIFE, () => {
      if (this.#asking) this.#abandon(4201, 'no answer to a ping');
      else this.#watch();
    });
  }

  /** The page is left. It may come back; {@link wake} is called then. */
  hide() {
    const { clock, transports } = this.#around;
    const line = this.#line;
    // A browser ends a WebSocket by itself, and its server waits for who comes back.
    if (!line || transports[line.at].binary) return;
    this.#closed(1001, 'the page was left', 'away');
    clock.clearTimeout(this.#timer);
    line.link?.close(1000, '');
  }

  /** Ends it for good. */
  close() {
    const line = this.#line;
    this.#reset();
    line?.link?.close(1000, '');
    this.#become({ kind: 'closed' });
  }

  /** @param {number} at */
  #name(at) {
    return this.#around.transports[at].name;
  }

  #silence() {
    return this.#around.clock.now() - this.#heard;
  }

  /** Forgets lines and timers. */
  #reset() {
    const { clock } = this.#around;
    for (const timer of [this.#timer, this.#drainTimer, this.#climbTimer])
      clock.clearTimeout(timer);
    this.#line = null;
    this.#leaveProbe();
  }

  #leaveProbe() {
    const probe = this.#probe;
    this.#probe = null;
    probe?.link?.close(4200, '');
  }

  /** Opens a line and says `connect`. @param {Line} line */
  async #dial(line) {
    const { url, token, transports, hello } = this.#around;
    const live = () => line === this.#line || line === this.#probe;
    let address;
    try {
      address = await url();
      if (token && this.#token === undefined) {
        const fresh = await token(this.#why);
        if (!live()) return;
        if (fresh == null) return this.#end(4300, 'token() gave none', 'credentials');
        this.#token = fresh;
      }
    } catch (failure) {
      return this.#lost(line, 1006, String(failure), 'away');
    }
    if (!live()) return;
    this.#recall(line, address);
    try {
      line.link = transports[line.at].open(address, {
        opened: () => {
          if (!live()) return;
          const { binary } = transports[line.at];
          line.link?.send(encode(hello(++line.id, this.#token), binary));
        },
        message: (frame) => {
          for (const message of decode(frame)) {
            if (line === this.#line) this.#received(message);
            else if (line === this.#probe) this.#probed(line, message);
          }
        },
        closed: (code, reason, fault) => this.#lost(line, code, reason, fault),
      });
    } catch (failure) {
      const last = line.at === transports.length - 1;
      if (last && line === this.#line) this.#end(0, String(failure), 'nothing');
      else this.#lost(line, 1006, String(failure), 'transport');
    }
  }

  /** Begins with what worked for this address before. @param {Line} line @param {string} address */
  #recall(line, address) {
    const { recall, transports, clock, climbAfter } = this.#around;
    if (this.#recalled) return;
    this.#recalled = true;
    const at = transports.findIndex(({ name }) => name === recall(address));
    if (at <= 0) return;
    this.#at = this.#worked = line.at = at;
    this.#climbAt = clock.now() + climbAfter;
    this.#become({ kind: 'connecting', transport: this.#name(at) });
  }

  /** @param {any} message */
  #received(message) {
    this.#asking = false;
    this.#heard = this.#around.clock.now();
    const connecting = this.#state.kind === 'connecting';
    switch (message.type) {
      case 'connected':
        if (connecting) this.#up(message, false);
        return;
      case 'ping':
        this.send({ type: 'pong' });
        return;
      case 'bye':
        this.#bye = message;
        return;
      case 'drain':
        return this.#drain(message);
      case 'expiring':
        this.#refresh();
        return;
      case 'error':
        if (connecting && message.re === 1) return this.#refused(message);
    }
    this.#around.onMessage(message);
  }

  /** @param {any} message @param {boolean} moved */
  #up(message, moved) {
    const { clock, remember, onUp, onState } = this.#around;
    this.#heartbeat = (message.heartbeat || 25) * 1000;
    this.#heard = this.#upSince = clock.now();
    if (this.#worked !== this.#at) this.#failures = 0;
    this.#worked = this.#at;
    this.#why = 'connect';
    const { session, user } = message;
    const transport = this.#name(this.#at);
    remember(this.#at > 0 ? transport : null);
    /** @type {State} */
    const state = { kind: 'online', transport, session, user };
    this.#state = state;
    this.#watch();
    this.#climbLater(this.#climbAt - clock.now());
    onUp(message, moved);
    if (this.#state === state) onState(state);
  }

  #watch() {
    const left = this.#heartbeat + GRACE - this.#silence();
    if (left <= 0) this.#abandon(4201, 'silence');
    else this.#after(left, () => this.#watch());
  }

  /** @param {number} wait in ms */
  #climbLater(wait) {
    const { clock } = this.#around;
    clock.clearTimeout(this.#climbTimer);
    this.#climbTimer = clock.setTimeout(() => this.#try(0), Math.max(0, wait));
  }

  /** Tries a better transport, and then the next, while the one in use goes on. @param {number} at */
  #try(at) {
    const { clock, connectTimeout, climbAfter } = this.#around;
    this.#leaveProbe();
    clock.clearTimeout(this.#climbTimer);
    if (this.#at === 0) return;
    if (at >= this.#at) {
      this.#climbAt = clock.now() + climbAfter;
      return this.#climbLater(climbAfter);
    }
    const line = (this.#probe = newLine(at));
    this.#climbTimer = clock.setTimeout(() => this.#try(at + 1), connectTimeout);
    this.#dial(line);
  }

  /** A better transport speaks. @param {Line} line @param {any} message */
  async #probed(line, message) {
    line.held.push(message);
    if (line.held.length > 1) return;
    if (message.type !== 'connected') return this.#try(line.at + 1);
    this.#around.clock.clearTimeout(this.#climbTimer);
    // What is under way is answered on the old line: a guest is somebody else on the new one.
    await this.#around.quiet();
    if (line !== this.#probe) return this.#around.resume();
    const before = this.#line;
    this.#around.clock.clearTimeout(this.#drainTimer);
    this.#bye = null;
    this.#probe = null;
    this.#line = line;
    this.#at = line.at;
    this.#around.onDown(false);
    this.#up(message, true);
    before?.link?.close(1000, '');
    for (const held of line.held.slice(1)) if (line === this.#line) this.#received(held);
  }

  /** @param {{after: number, within: number}} window in ms */
  #drain({ after, within }) {
    const { clock, random } = this.#around;
    const wait = after + Math.floor(random() * within);
    this.#notBefore = clock.now() + wait;
    this.#backBy = this.#notBefore + REDEPLOYED_WITHIN;
    clock.clearTimeout(this.#drainTimer);
    this.#drainTimer = clock.setTimeout(() => this.#abandon(4200, 'drain'), wait);
  }

  /** Shows new credentials before the old ones end. If that fails, the server's close asks again. */
  async #refresh() {
    const { token, onMessage } = this.#around;
    const line = this.#line;
    try {
      const fresh = await token?.('expired');
      if (fresh == null || line !== this.#line) return;
      this.#token = fresh;
      this.send({ type: 'refresh', token: fresh });
    } catch (failure) {
      onMessage({ type: 'error', code: 'token', message: String(failure) });
    }
  }

  /** `connect` was answered by an error. @param {any} error */
  #refused({ code, message, retry, retryAfter }) {
    const credentials = code === 'unauthenticated' || code === 'token-expired';
    const answer = credentials ? 4300 : retry ? 4104 : 4000;
    this.#bye = { code: answer, reason: message, after: retry ? retryAfter : 0 };
    this.#abandon(answer, message);
  }

  /** Gives up a line; its own end may take minutes. @param {number} code @param {string} reason */
  #abandon(code, reason) {
    const line = this.#line;
    this.#closed(code, reason);
    line?.link?.close(code >= 3000 ? code : 4201, '');
  }

  /** @param {Line} line @param {number} code @param {string} reason @param {Fault} [fault] */
  #lost(line, code, reason, fault) {
    if (line === this.#line) this.#closed(code, reason, fault);
    else if (line === this.#probe) this.#try(line.at + 1);
  }

  /** @param {number} code @param {string} reason @param {Fault} [fault] */
  #closed(code, reason, fault) {
    const { clock, token, tickets, onDown } = this.#around;
    const at = clock.now();
    const wasOnline = this.#state.kind === 'online';
    if (wasOnline && at - this.#upSince >= STABLE) this.#backoff.reset();
    const end = verdict(code, reason, this.#bye);
    const fell = this.#judge(code, fault, wasOnline);
    this.#reset();
    if (wasOnline) onDown(end.code === 4203);
    if (end.action === 'credentials') {
      this.#token = undefined;
      if (!(token || tickets) || (this.#why === 'refused' && !wasOnline)) {
        return this.#end(end.code, end.reason, 'credentials');
      }
      this.#why = wasOnline ? 'expired' : 'refused';
    }
    if (end.action === 'stop') return this.#end(end.code, end.reason, 'nothing');
    this.#notBefore = Math.max(this.#notBefore, at + end.floor);
    const soon = end.action === 'now' || end.action === 'credentials';
    const cap = at < this.#backBy ? REDEPLOYED_CAP : undefined;
    const pause = fell ? 0 : soon ? this.#backoff.soon(cap) : this.#backoff.next(cap);
    const wait = Math.max(this.#notBefore - at, pause);
    this.#after(wait, () => this.connect());
    this.#become({ kind: 'waiting', until: at + wait, code: end.code, reason: end.reason });
  }

  /**
   * Chooses the transport for the next try: another one only if this one failed.
   *
   * @param {number} code @param {Fault | undefined} fault @param {boolean} wasOnline
   * @returns {boolean} whether it is one that was not tried yet
   */
  #judge(code, fault, wasOnline) {
    const { clock, transports, offline, climbAfter } = this.#around;
    const held = wasOnline && this.#heard - this.#upSince >= STABLE;
    if (held) this.#failures = 0;
    const home = Math.max(this.#worked, 0);
    const elsewhere = this.#at !== home;
    const word = this.#bye !== null || (code !== 1006 && code !== 4201);
    if (offline() || word || (fault === 'away' && elsewhere)) {
      this.#at = home;
      return false;
    }
    if (held || (wasOnline && fault === 'away')) return false;
    this.#failures += 1;
    const patience = fault === 'transport' || elsewhere || this.#worked < 0 ? 1 : PATIENCE;
    if (this.#failures < patience) return false;
    this.#failures = 0;
    this.#at = (this.#at + 1) % transports.length;
    this.#climbAt = clock.now() + climbAfter;
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

/** @param {number} at @returns {Line} */
const newLine = (at) => ({ at, link: null, id: 0, held: [] });
