// @ts-check
import { Backoff } from './backoff.js';
import { verdict } from './closing.js';

/**
 * @typedef {import('./closing.js').Bye} Bye
 *
 * @typedef {{kind: 'idle'}
 *   | {kind: 'connecting'}
 *   | {kind: 'online', since: number}
 *   | {kind: 'waiting', until: number, code: number, reason: string}
 *   | {kind: 'ended', code: number, reason: string, needs: 'nothing' | 'credentials'}} State
 *   Always exactly one of these; `until` and `since` are times of the given clock.
 *
 * @typedef {{kind: 'in' | 'out' | 'note', at: number, text: string}} WireEvent
 *   A text frame as it went by, or something worth noting that is not a frame.
 *
 * @typedef {{now(): number, setTimeout(run: () => void, ms: number): any,
 *   clearTimeout(timer: any): void}} Clock
 *
 * @typedef {object} Surroundings
 * @property {string} url of the endpoint, ws: or wss:
 * @property {(url: string) => WebSocket} open makes the socket
 * @property {Clock} clock
 * @property {() => number} random uniform in [0, 1)
 * @property {(state: State) => void} onState
 * @property {(message: any) => void} onMessage each JSON object, `welcome` first
 * @property {(event: WireEvent) => void} onWire
 */

/** How long a socket may take from its creation to `welcome`, in ms. */
export const CONNECT_TIMEOUT = 10_000;
/** How long the answer to a ping may take, in ms. */
export const PONG_TIMEOUT = 10_000;
/** A connection that lasted this long (ms) is a good one: backoff starts afresh after it. */
export const STABLE_AFTER = 10_000;

const OPEN = 1;

/**
 * One lasting line to the server made of one WebSocket after another. Single-threaded like the
 * page; owns its timers. It knows when to come back, not what is said: rooms are the chat's matter.
 */
export class Connection {
  /** @type {Surroundings} */ #around;
  /** @type {Backoff} */ #backoff;
  /** @type {State} */ #state = { kind: 'idle' };
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Bye | null} */ #bye = null;
  /** @type {any} */ #timer = null;
  /** @type {any} */ #stableTimer = null;
  #heartbeat = 25_000;
  #heard = 0;
  #probing = false;

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    this.#backoff = new Backoff(around.random);
  }

  get state() {
    return this.#state;
  }

  /** Connects now, whatever we were waiting for; nothing when a socket is there already. */
  connect() {
    if (this.#socket) return;
    this.#around.clock.clearTimeout(this.#timer);
    this.#become({ kind: 'connecting' });
    this.#bye = null;
    this.#probing = false;
    try {
      const socket = this.#around.open(this.#around.url);
      this.#socket = socket;
      this.#listen(socket);
    } catch (failure) {
      this.#become({ kind: 'ended', code: 0, reason: String(failure), needs: 'nothing' });
      return;
    }
    this.#after(CONNECT_TIMEOUT, () => this.#abandon(1006, 'no answer within 10 s'));
  }

  /**
   * Sends one object as one text frame.
   *
   * @param {object} message
   * @returns {boolean} false when there is no open socket; then nothing was sent
   */
  send(message) {
    const socket = this.#socket;
    if (!socket || socket.readyState !== OPEN) return false;
    const text = JSON.stringify(message);
    socket.send(text);
    this.#wire('out', text);
    return true;
  }

  /** The network is said to be back: a wait is over, a connection is tested. */
  networkBack() {
    if (this.#state.kind === 'waiting') this.connect();
    else this.check();
  }

  /** Asks the server for a sign of life now, instead of when the silence gets long. */
  check() {
    if (this.#state.kind === 'online' && !this.#probing) this.#probe();
  }

  /** @param {WebSocket} socket */
  #listen(socket) {
    socket.onopen = () => {
      this.#wire('note', `Open. The server chose ${socket.protocol || 'no subprotocol'}.`);
    };
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => {
      const why = event.reason ? ` ${event.reason}` : '';
      const clean = event.code === 1006 ? ' (no close frame came)' : '';
      this.#wire('note', `Closed with ${event.code}${why}${clean}.`);
      this.#closed(event.code, event.reason);
    };
  }

  /** @param {unknown} data */
  #received(data) {
    this.#heard = this.#around.clock.now();
    if (typeof data !== 'string') {
      this.#wire('note', 'A binary frame came; this page does not speak binary.');
      return;
    }
    this.#wire('in', data);
    const message = parsed(data);
    if (!message) {
      this.#wire('note', 'That frame is not a JSON object; it was ignored.');
      return;
    }
    if (message.type === 'welcome') this.#welcomed(message);
    else if (this.#probing) this.#watch();
    if (message.type === 'bye') this.#bye = message;
    this.#around.onMessage(message);
  }

  /** @param {any} message */
  #welcomed(message) {
    const seconds = Number(message.heartbeat);
    this.#heartbeat = seconds > 0 ? Math.min(seconds, 600) * 1000 : 25_000;
    this.#stableTimer = this.#around.clock.setTimeout(() => this.#backoff.reset(), STABLE_AFTER);
    this.#become({ kind: 'online', since: this.#heard });
    this.#watch();
  }

  // Scripts never see the server's Ping frames, so silence says nothing until we have asked.
  #watch() {
    this.#probing = false;
    this.#after(Math.max(0, this.#heard + this.#heartbeat - this.#around.clock.now()), () => {
      if (this.#around.clock.now() - this.#heard < this.#heartbeat) this.#watch();
      else this.#probe();
    });
  }

  #probe() {
    this.#probing = true;
    this.send({ type: 'ping' });
    this.#after(PONG_TIMEOUT, () => this.#abandon(4201, 'no answer to a ping within 10 s'));
  }

  /**
   * Gives up a socket that does not answer. Its own close event may take minutes on a dead network,
   * so it is not waited for.
   *
   * @param {number} code @param {string} reason
   */
  #abandon(code, reason) {
    const socket = this.#socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.#wire('note', `Given up by this page: ${reason}.`);
    this.#closed(code, reason);
  }

  /** @param {number} code @param {string} reason */
  #closed(code, reason) {
    const { clock } = this.#around;
    this.#socket = null;
    clock.clearTimeout(this.#timer);
    clock.clearTimeout(this.#stableTimer);
    const end = verdict(code, reason, this.#bye);
    if (end.action === 'stop' || end.action === 'credentials') {
      const needs = end.action === 'stop' ? 'nothing' : 'credentials';
      this.#become({ kind: 'ended', code: end.code, reason: end.reason, needs });
      return;
    }
    const wait =
      end.action === 'now'
        ? Math.max(end.floor, this.#backoff.soon())
        : this.#backoff.next(end.floor);
    const until = clock.now() + wait;
    this.#become({ kind: 'waiting', until, code: end.code, reason: end.reason });
    this.#after(wait, () => this.connect());
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

  /** @param {WireEvent['kind']} kind @param {string} text */
  #wire(kind, text) {
    this.#around.onWire({ kind, at: this.#around.clock.now(), text });
  }
}

/** @param {string} text @returns {any | null} the object it holds, or null */
function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
