// @ts-check
// Clients that listen, and a publisher that publishes at a steady rate, while a server is redeployed.
import { Switchboard } from '../../../webapp/js/switchboard/index.js';

const TRANSPORTS = ['websocket', 'sse', 'longpoll', 'polling'];
const WebSocket = globalThis.WebSocket ?? (await import('../js/node_modules/ws/wrapper.mjs')).default;

/** So long (ms) messages are published before the redeploy, and after everybody is back. */
const AROUND = 5_000;
/** So long (ms) clients may take to come, to come back and to get the rest. */
const PATIENCE = 300_000;
/** At so many requests at a time messages are published. */
const WRITERS = 16;
/** So many messages go with one request, if so many wait. */
const BATCH = 50;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {() => boolean} met @param {string} what */
async function until(met, what) {
  const began = Date.now();
  const end = began + PATIENCE;
  while (!met()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${PATIENCE / 1000} s`);
    await pause(50);
  }
  console.error(`  ${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/** One client and what it heard. */
class Client {
  /** @type {Map<number, number>} how often each message was heard */ heard = new Map();
  doubled = 0;
  reloads = 0;
  /** Longest time (ms) without a message while they were published. */ gap = 0;
  #last = 0;

  /** @param {string} url @param {number} number @param {string} channel */
  constructor(url, number, channel) {
    this.channel = channel;
    // Each begins with one of the four and may fall back to any, as in a browser.
    this.began = TRANSPORTS[number % 4];
    const transports = [...TRANSPORTS.slice(number % 4), ...TRANSPORTS.slice(0, number % 4)];
    this.board = new Switchboard(new URL('chat', url), { WebSocket, transports });
    const subscription = (this.subscription = this.board.subscribe(channel));
    subscription.addEventListener('publication', ({ detail }) => {
      const now = performance.now();
      if (this.#last) this.gap = Math.max(this.gap, now - this.#last);
      this.#last = now;
      const { n } = detail.data;
      if (this.heard.has(n)) this.doubled += 1;
      this.heard.set(n, 1);
    });
    subscription.addEventListener('reload', () => (this.reloads += 1));
  }

  get live() {
    return this.subscription.state === 'live' || this.subscription.state === 'subscribed';
  }
}

/** The publisher made a mistake. */
class Refused extends Error {}

/** Publishes each message until the server says that it did; the key keeps it from being doubled. */
class Publisher {
  sent = 0;
  repeated = 0;
  /** Longest time (ms) from when a message was due to its answer. */ slowest = 0;
  /** @type {{channel: string, n: number, due: number}[]} */ #waiting = [];
  #busy = 0;
  #ended = false;

  /** @param {string} url @param {string} key @param {string[]} channels @param {number} rate */
  constructor(url, key, channels, rate) {
    this.url = new URL('api/publish', url);
    this.key = key;
    this.channels = channels;
    this.run = `${process.pid}-${Date.now().toString(36)}`;
    const began = performance.now();
    this.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - began) * rate) / 1000);
      for (; this.sent < due && !this.#ended; this.sent += 1) {
        const channel = channels[this.sent % channels.length];
        this.#waiting.push({ channel, n: this.sent, due: performance.now() });
      }
      while (this.#busy < WRITERS && this.#waiting.length > 0) this.#write();
    }, 10);
  }

  async #write() {
    this.#busy += 1;
    for (let some; (some = this.#waiting.splice(0, BATCH)).length > 0; ) {
      for (let open = some; open.length > 0; ) {
        const answers = await this.#post(open);
        open = open.filter((one, i) => {
          if (answers[i]?.offset === undefined) return true;
          this.slowest = Math.max(this.slowest, performance.now() - one.due);
          return false;
        });
        if (open.length > 0) await pause(250);
        this.repeated += open.length;
      }
    }
    this.#busy -= 1;
  }

  /** @param {{channel: string, n: number}[]} some @returns {Promise<any[]>} empty for no answer */
  async #post(some) {
    const body = some.map(({ channel, n }) => ({ channel, data: { n }, key: `${this.run}-${n}` }));
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        headers: { Authorization: `Bearer ${this.key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      });
      const told = await answer.text();
      if ([400, 401, 403].includes(answer.status)) throw new Refused(told);
      return answer.status === 200 ? JSON.parse(told) : [];
    } catch (failure) {
      if (failure instanceof Refused) throw failure;
      return []; // it may have been published or not: it is asked for again, by its key
    }
  }

  /** No new ones; resolved when all that are were answered. */
  async end() {
    this.#ended = true;
    await until(() => this.#waiting.length === 0 && this.#busy === 0, 'publishing the rest');
    clearInterval(this.timer);
  }

  /** How many went to that channel. @param {string} channel */
  count(channel) {
    const first = this.channels.indexOf(channel);
    return Math.ceil((this.sent - first) / this.channels.length);
  }
}

/**
 * @param {import('./servers.js').Server} server
 * @param {{clients: number, rate: number, channels: number}} shape
 */
export async function load(server, shape) {
  const run = Date.now().toString(36);
  const channels = Array.from({ length: shape.channels }, (_, i) => `room:redeploy-${run}-${i}`);
  /** @type {Client[]} */ const clients = [];
  for (let i = 0; i < shape.clients; i += 1) {
    // All four transports on each channel.
    clients.push(new Client(server.url, i, channels[Math.floor(i / 4) % channels.length]));
    if (i % 50 === 49) await pause(100);
  }
  await until(() => clients.every((client) => client.live), 'subscribing');
  const publisher = new Publisher(server.url, server.key, channels, shape.rate);
  await pause(AROUND);
  const before = performance.now();
  await server.redeploy();
  const took = performance.now() - before;
  console.error(`  redeploying: ${(took / 1000).toFixed(1)} s`);
  await until(() => clients.every((client) => client.live), 'coming back');
  await pause(AROUND);
  await publisher.end();
  const has = (/** @type {Client} */ c) => c.heard.size === publisher.count(c.channel);
  await until(() => clients.every(has), 'getting the rest').catch(() => {}); // counted below
  const sum = (/** @type {(client: Client) => number} */ of) =>
    clients.reduce((total, client) => total + of(client), 0);
  const gaps = clients.map(({ gap }) => gap).sort((a, b) => a - b);
  const seconds = (/** @type {number} */ ms) => (ms / 1000).toFixed(1);
  const ends = Object.groupBy
    ? Object.entries(Object.groupBy(clients, (c) => transport(c))).map(([t, l]) => `${t} ${l?.length}`)
    : TRANSPORTS.map((t) => `${t} ${clients.filter((c) => transport(c) === t).length}`);
  const result = {
    clients: clients.length,
    'transports at the end': ends.join(', '),
    'messages sent': publisher.sent,
    'asked again by key': publisher.repeated,
    'to be received': sum((c) => publisher.count(c.channel)),
    received: sum((c) => c.heard.size),
    lost: sum((c) => publisher.count(c.channel) - c.heard.size),
    doubled: sum((c) => c.doubled),
    reloads: sum((c) => c.reloads),
    'missing clients': clients.filter((c) => !c.live).length,
    'redeploy, s': seconds(took),
    'longest gap of a client, s': seconds(gaps[gaps.length - 1]),
    'gap of half of them, s': seconds(gaps[gaps.length >> 1]),
    'longest wait to publish, s': seconds(publisher.slowest),
  };
  clients.forEach((client) => client.board.close());
  await pause(500); // goodbyes of those without a WebSocket
  return result;
}

/** @param {Client} client */
function transport({ board }) {
  return board.state.kind === 'online' ? board.state.transport : board.state.kind;
}
