// @ts-check
import { Connection } from '../../../webapp/js/chat/connection.js';

/** Time that moves only when a test says so. Timers run in order of their due time. */
export class FakeClock {
  /** @type {{id: number, due: number, run: () => void}[]} */ #timers = [];
  #now = 1_000_000;
  #id = 0;

  now() {
    return this.#now;
  }

  /** @param {() => void} run @param {number} ms */
  setTimeout(run, ms) {
    this.#id += 1;
    this.#timers.push({ id: this.#id, due: this.#now + ms, run });
    return this.#id;
  }

  /** @param {number} id */
  clearTimeout(id) {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }

  get pending() {
    return this.#timers.length;
  }

  /** @param {number} ms */
  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.sort((a, b) => a.due - b.due || a.id - b.id)[0];
      if (!next || next.due > end) break;
      this.#timers.shift();
      this.#now = next.due;
      next.run();
    }
    this.#now = end;
  }
}

/** The socket a test holds the other end of. */
export class FakeSocket {
  /** @type {any[]} */ sent = [];
  readyState = 0;
  protocol = '';
  closedByPage = false;
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closedByPage = true;
    this.readyState = 2;
  }

  opens() {
    this.readyState = 1;
    this.protocol = 'chat';
    this.onopen?.({});
  }

  /** @param {unknown} data an object is sent as JSON, anything else as it is */
  says(data) {
    const isObject = typeof data === 'object' && !(data instanceof ArrayBuffer);
    this.onmessage?.({ data: isObject ? JSON.stringify(data) : data });
  }

  /** @param {number} code @param {string} [reason] */
  closes(code, reason = '') {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  /** @param {number} [heartbeat] */
  welcomes(heartbeat = 25) {
    this.opens();
    this.says({ type: 'welcome', session: 's1', user: 'guest-1', heartbeat });
  }
}

/** The same numbers in [0, 1) every time. @param {number} seed */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A connection with everything around it faked. @param {() => number} [random] */
export function line(random = () => 0.5) {
  const clock = new FakeClock();
  /** @type {FakeSocket[]} */
  const sockets = [];
  /** @type {any[]} */
  const states = [];
  /** @type {any[]} */
  const messages = [];
  /** @type {any[]} */
  const wire = [];
  /** @type {Error | null} */
  let refusal = null;
  const refuse = (/** @type {Error} */ error) => (refusal = error);
  const connection = new Connection({
    url: 'ws://test/chat',
    open: () => {
      if (refusal) throw refusal;
      const socket = new FakeSocket();
      sockets.push(socket);
      return /** @type {any} */ (socket);
    },
    clock,
    random,
    onState: (state) => states.push(state),
    onMessage: (message) => messages.push(message),
    onWire: (event) => wire.push(event),
  });
  const socket = () => /** @type {FakeSocket} */ (sockets.at(-1));
  return { connection, clock, refuse, sockets, states, messages, wire, socket };
}
