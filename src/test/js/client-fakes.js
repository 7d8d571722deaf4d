// @ts-check
import { setImmediate } from 'node:timers/promises';
import { Switchboard } from '../../../webapp/js/switchboard/index.js';
import { decode } from '../../../webapp/js/switchboard/codec.js';
import { FakeClock, seeded } from './fakes.js';

export { FakeClock, seeded };

/** Lets everything run that waits for promises only. */
export async function settle() {
  for (let i = 0; i < 3; i += 1) await setImmediate();
}

/** The far end of a socket of the client. */
export class FakeSocket {
  /** @type {any[]} commands as objects, bytes in `data` */ sent = [];
  readyState = 0;
  binaryType = '';
  /** @type {number | null} the code by which the client closed */ closedWith = null;
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onclose = null;
  /** @type {any} */ onerror = null;
  /** @type {(command: any) => void} */ onsent = () => {};

  /** @param {string} url @param {string[]} protocols */
  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
  }

  /** @param {string | Uint8Array} frame */
  send(frame) {
    const command = typeof frame === 'string' ? JSON.parse(frame) : decode(frame)[0];
    this.sent.push(command);
    this.onsent(command);
  }

  /** @param {number} code */
  close(code) {
    this.closedWith = code;
    this.readyState = 3;
  }

  opens() {
    this.readyState = 1;
    this.onopen({});
  }

  /** @param {any} message an object or an array goes as JSON, anything else as it is */
  says(message) {
    const raw = typeof message === 'string' || message instanceof ArrayBuffer;
    this.onmessage({ data: raw ? message : JSON.stringify(message) });
  }

  /** @param {number} code @param {string} [reason] */
  closes(code, reason = '') {
    this.readyState = 3;
    this.onclose({ code, reason });
  }

  /** @param {string} type */
  ofType(type) {
    return this.sent.filter((command) => command.type === type);
  }

  /** Opens and answers `connect`. @param {any} [more] */
  connects(more = {}) {
    if (this.readyState === 0) this.opens();
    this.says({
      type: 'connected',
      re: 1,
      session: 's1',
      user: 'ann',
      node: 'n1',
      heartbeat: 25,
      limits: { message: 65536, channels: 128, rate: 200 },
      ...more,
    });
  }
}

/** @param {number} offset @param {any} [data] */
export const pub = (offset, data = offset) => ({ offset, at: '2026-11-20T09:15:07.533Z', data });

/** @param {string} channel @param {number} offset @param {any} [data] */
export const told = (channel, offset, data) => ({
  type: 'publication',
  channel,
  ...pub(offset, data),
});

/** @param {number} offset @param {any} [more] */
export const began = (offset, more = {}) => ({ epoch: 'e1', offset, publications: [], ...more });

/** A client with everything around it faked. @param {any} [options] */
export async function client({ url = 'ws://test/chat', ...options } = {}) {
  const clock = new FakeClock();
  /** @type {FakeSocket[]} */ const sockets = [];
  const Socket = class extends FakeSocket {
    /** @param {string} to @param {string[]} protocols */
    constructor(to, protocols) {
      super(to, protocols);
      sockets.push(this);
    }
  };
  const board = new Switchboard(url, {
    clock,
    random: () => 0.5,
    WebSocket: Socket,
    transports: ['websocket'],
    page: {},
    ...options,
  });
  /** @type {any[]} */ const states = [board.state];
  /** @type {any[]} */ const errors = [];
  board.addEventListener('state', (/** @type {any} */ event) => states.push(event.detail));
  board.addEventListener('error', (/** @type {any} */ event) => errors.push(event.detail.code));
  await settle();
  return {
    board,
    clock,
    sockets,
    states,
    errors,
    socket: () => /** @type {FakeSocket} */ (sockets.at(-1)),
    /** @param {number} ms */
    async pass(ms) {
      // Step by step, so that what comes of a timer can set the next one in time.
      for (let left = ms; left > 0; left -= 250) {
        clock.advance(Math.min(250, left));
        await settle();
      }
    },
  };
}

/** All events of a subscription, in order. @param {any} subscription */
export function heard(subscription) {
  /** @type {any[]} */ const events = [];
  for (const type of ['subscribed', 'publication', 'reload', 'gap', 'joined', 'left', 'ended']) {
    subscription.addEventListener(type, (/** @type {any} */ event) => {
      events.push([type, event.detail]);
    });
  }
  return events;
}

/** What was published, in order. @param {any[]} events */
export const offsets = (events) =>
  events.filter(([type]) => type === 'publication').map(([, { offset }]) => offset);

/** How a promise ended: its value, or the code of its error. @param {Promise<any>} promise */
export async function outcome(promise) {
  /** @type {any} */ let result = 'pending';
  promise.then(
    (value) => (result = value),
    (error) => (result = error.code ?? error.message),
  );
  await settle();
  return result;
}
