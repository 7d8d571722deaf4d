// @ts-check
import { decode } from '../../../webapp/js/switchboard/codec.js';
import { Switchboard } from '../../../webapp/js/switchboard/index.js';
import { FakeClock } from './fakes.js';
import { settle } from './client-fakes.js';

export const CHANNEL = 'room:a';

/** A session of the fake server, however it is reached. */
class Session {
  /** @type {Set<string>} */ channels = new Set();
  /** @type {string} */ name = '';
  ended = false;
  expired = () => false;

  /** @param {FakeServer} server @param {string} transport @param {(message: any) => void} push */
  constructor(server, transport, push) {
    this.server = server;
    this.transport = transport;
    this.push = push;
    this.user = server.guests ? `guest-${(server.users += 1)}` : 'ann';
    this.id = `s${(server.opened += 1)}`;
  }

  beats() {
    this.server.sessions.add(this);
    this.server.clock.setTimeout(() => {
      if (this.ended || this.expired()) return this.server.ends(this);
      this.push({ type: 'ping' });
      this.beats();
    }, 25_000);
  }

  /** @param {any} command @returns {any} the answer, if it has one */
  carryOut(command) {
    const { type, id, channel } = command;
    const { server } = this;
    server.commands.push(command);
    if (type === 'connect') {
      /** @type {any} */ let subs;
      for (const [name, since] of Object.entries(command.subs ?? {})) {
        subs ??= {};
        subs[name] = this.#subscribed(name, since);
      }
      const limits = { message: server.limit, channels: 128, rate: 200 };
      const { user } = this;
      return { type: 'connected', re: id, session: this.id, user, heartbeat: 25, limits, subs };
    }
    if (type === 'subscribe') {
      const start = this.#subscribed(channel, command.since);
      return { type: 'subscribed', re: id, channel, presence: command.presence && [], ...start };
    }
    if (type === 'unsubscribe') {
      this.channels.delete(channel);
      return { type: 'unsubscribed', re: id, channel, code: 'x', reason: '', resubscribe: false };
    }
    if (type === 'publish') {
      const known = command.key && `${this.user} ${command.key}`;
      const first = known && server.keys.get(known);
      if (first) return { type: 'published', re: id, ...first, duplicate: true };
      const { offset, epoch, at } = server.publish(command);
      if (known) server.keys.set(known, { offset, epoch, at });
      return { type: 'published', re: id, offset, epoch, at };
    }
    if (type === 'history') {
      const { position: where, log } = server;
      return { type: 'history', re: id, channel, ...where, publications: log };
    }
    if (type === 'refresh') return { type: 'refreshed', re: id };
    return type === 'ping' ? { type: 'pong', re: id } : null;
  }

  /** @param {string} name @param {any} since */
  #subscribed(name, since) {
    const { server } = this;
    const { epoch, offset } = server.position;
    this.channels.add(name);
    if (!since) return { epoch, offset, publications: [] };
    const recovered =
      since.epoch === epoch && since.offset >= server.trimmed && since.offset <= offset;
    const publications = recovered ? server.log.slice(since.offset) : [];
    return { epoch, offset, recovered, publications };
  }
}

/** What a request met. @typedef {undefined | 'refused' | 'lost' | 'hangs' | 'held' | {status: number, headers?: any, body?: any}} Fate */

/** A server with one log, reached over WebSocket and HTTP, through a network that tests break. */
export class FakeServer {
  /** @type {any[]} */ log = [];
  epoch = 1;
  trimmed = 0;
  users = 0;
  opened = 0;
  guests = false;
  limit = 65_536;
  /** @type {Map<string, any>} */ keys = new Map();
  /** @type {Set<Session>} */ sessions = new Set();
  /** @type {any[]} all that were carried out */ commands = [];
  /** @type {{method: string, path: string, query: any, headers: any, body: any}[]} */ requests =
    [];
  /** @type {(request: any) => Fate} */ fate = () => undefined;
  /** @type {(socket: any) => 'opens' | 'refused' | 'hangs' | 'deaf'} */ upgrade = () => 'opens';
  /** @type {any[]} */ sockets = [];
  /** @type {Map<string, any>} sessions over HTTP */ #http = new Map();

  /** @param {FakeClock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  get position() {
    return { epoch: `e${this.epoch}`, offset: this.log.length };
  }

  /** @param {any} command */
  publish({ data, encoding, key }) {
    const publication = { offset: this.log.length + 1, at: '', data, encoding, key };
    this.log.push(publication);
    for (const session of this.sessions) {
      if (session.channels.has(CHANNEL)) {
        session.push({ type: 'publication', channel: CHANNEL, ...publication });
      }
    }
    return { ...publication, ...this.position };
  }

  /** It dies with all its sessions; the log is kept. */
  dies() {
    for (const session of [...this.sessions]) this.ends(session);
    this.cutSockets();
    for (const http of this.#http.values()) http.cut();
    this.#http.clear();
  }

  /** @param {Session} session */
  ends(session) {
    session.ended = true;
    this.sessions.delete(session);
  }

  /** @param {number} [code] */
  cutSockets(code = 1006) {
    for (const socket of this.sockets.splice(0)) socket.ends(code);
  }

  /** Cuts what is open over HTTP now; sessions live on. @param {string} [tail] what streams still say */
  cutRequests(tail) {
    for (const http of this.#http.values()) http.cut(tail);
  }

  get streams() {
    return [...this.#http.values()].filter(({ stream }) => stream).length;
  }

  /** @param {any} message to every session */
  tells(message) {
    for (const session of this.sessions) session.push(message);
  }

  get Socket() {
    const server = this;
    return class Socket {
      readyState = 0;
      binaryType = '';
      /** @type {any} */ onopen = null;
      /** @type {any} */ onmessage = null;
      /** @type {any} */ onclose = null;
      /** @type {Session | null} */ session = null;
      /** @type {any[]} */ out = [];

      /** @param {string} url @param {string[]} protocols */
      constructor(url, protocols) {
        Object.assign(this, { url, protocols });
        const how = server.upgrade(this);
        this.deaf = how === 'deaf';
        setImmediate(() => {
          if (how === 'refused') this.ends(1006);
          else if (how !== 'hangs' && this.readyState === 0) {
            this.readyState = 1;
            server.sockets.push(this);
            this.onopen({});
          }
        });
      }

      /** @param {string | Uint8Array} frame */
      send(frame) {
        if (this.deaf) return;
        if (!this.session) {
          this.session = new Session(server, 'websocket', (message) => this.says(message));
          this.session.beats();
        }
        const commands = typeof frame === 'string' ? JSON.parse(frame) : decode(frame);
        for (const command of [commands].flat()) {
          const { data } = command;
          if (data instanceof Uint8Array) {
            command.data = Buffer.from(data).toString('base64');
            command.encoding = 'base64';
          }
          const answer = this.session.carryOut(command);
          if (answer) this.says(answer);
        }
      }

      /** @param {any} message */
      says(message) {
        const text = JSON.stringify(message);
        setImmediate(() => this.readyState === 1 && this.onmessage({ data: text }));
      }

      /** @param {number} code */
      ends(code) {
        if (this.readyState === 3) return;
        this.readyState = 3;
        if (this.session) server.ends(this.session);
        this.onclose({ code, reason: '' });
      }

      /** @param {number} code */
      close(code) {
        this.closedWith = code;
        this.readyState = 3;
        if (this.session) server.ends(this.session);
      }
    };
  }

  /** In place of the global one. @param {any} url @param {any} options */
  fetch = async (url, { method = 'GET', body, headers = {}, signal } = {}) => {
    const { pathname: path, searchParams } = new URL(url);
    const query = Object.fromEntries(searchParams);
    const request = { method, path, query, headers, body };
    this.requests.push(request);
    const fate = this.fate(request);
    /** @type {Promise<never>} */
    const aborted = new Promise((_, reject) => {
      const fail = () => reject(new DOMException('aborted', 'AbortError'));
      if (signal?.aborted) fail();
      signal?.addEventListener('abort', fail);
    });
    aborted.catch(() => {});
    const answer = async () => {
      await settleOnce();
      if (fate === 'hangs') return new Promise(() => {});
      if (fate === 'refused') throw new TypeError('fetch failed');
      if (fate && typeof fate === 'object') return response(fate.status, fate.body, fate.headers);
      const given = await this.#serve(request, signal, fate === 'held');
      if (fate === 'lost') throw new TypeError('fetch failed');
      return given;
    };
    return Promise.race([answer(), aborted]);
  };

  /** @param {any} request @param {AbortSignal} signal @param {boolean} held @returns {Promise<Response>} */
  async #serve({ method, path, query, headers, body }, signal, held) {
    const [id, what] = path.split('/sessions')[1].split('/').slice(1);
    if (!id) return this.#open(JSON.parse(body));
    const http = this.#http.get(id);
    if (http?.session.expired()) this.ends(http.session);
    // What was said last is still told.
    const more = method === 'GET' && http?.unheard.some(({ seq }) => seq > Number(query.after));
    if (!http || (http.session.ended && !more)) return response(410, { title: 'gone' });
    if (headers.Authorization !== `Bearer ${http.token}`) return response(401, {});
    http.last = this.clock.now();
    if (query.after !== undefined) http.acknowledge(Number(query.after));
    if (method === 'DELETE') {
      http.cut();
      this.ends(http.session);
      return response(204);
    }
    if (method === 'POST') {
      const n = Number(query.n);
      if (!http.answers.has(n)) {
        const commands = JSON.parse(body);
        const answers = [commands]
          .flat()
          .map((one) => http.session.carryOut(one))
          .filter(Boolean);
        const whole = Array.isArray(commands) ? answers : answers[0];
        http.answers.set(n, answers.length > 0 ? whole : undefined);
        http.carried.push(n);
      }
      const whole = http.answers.get(n);
      return whole === undefined ? response(204) : response(200, whole);
    }
    return what === 'events'
      ? http.events(held, signal)
      : http.messages(Number(query.wait), signal);
  }

  /** @param {any} hello */
  #open(hello) {
    const http = new HttpSession(this.clock);
    http.session = new Session(this, 'http', (message) => http.push(message));
    const connected = { ...http.session.carryOut(hello), token: http.token };
    this.#http.set(http.session.id, http);
    http.session.expired = () => this.clock.now() - http.last > 60_000;
    http.session.beats();
    return response(201, connected, { Location: `/chat/sessions/${http.session.id}` });
  }
}

class HttpSession {
  token = 'secret';
  /** @type {any} */ session = null;
  last;
  /** @type {{seq: number, message: any}[]} */ unheard = [];
  #seq = 0;
  /** @type {Map<number, any>} */ answers = new Map();
  /** @type {number[]} */ carried = [];
  /** @type {any} */ stream = null;
  /** @type {any} */ #waiting = null;

  /** @param {FakeClock} clock */
  constructor(clock) {
    this.clock = clock;
    this.last = clock.now();
  }

  /** @param {any} message */
  push(message) {
    this.#seq += 1;
    this.unheard.push({ seq: this.#seq, message });
    if (this.stream) this.#write(this.#seq, message);
    this.#waiting?.();
  }

  /** @param {number} after */
  acknowledge(after) {
    this.unheard = this.unheard.filter(({ seq }) => seq > after);
  }

  /** @param {boolean} held bytes do not come through @param {AbortSignal} signal */
  events(held, signal) {
    this.stream?.close();
    this.stream = null;
    this.#waiting = null;
    const bytes = new TextEncoder();
    /** @type {any} */ let control;
    const body = new ReadableStream({ start: (controller) => (control = controller) });
    const stream = {
      write: (/** @type {string} */ text) => {
        if (!held) control.enqueue(bytes.encode(text));
      },
      close: () => {
        try {
          control.close();
        } catch {
          // Given up by the client.
        }
      },
      fail: () => control.error(new TypeError('terminated')),
    };
    signal.addEventListener('abort', () => stream.fail());
    this.stream = stream;
    stream.write(': hello\n\n');
    for (const { seq, message } of this.unheard) this.#write(seq, message);
    if (this.session.ended) stream.close();
    return new Response(body, { status: 200, headers: { 'Content-Type': 'text/event-stream' } });
  }

  /** @param {number} seq @param {any} message */
  #write(seq, message) {
    try {
      // In two pieces, as networks do.
      const text = `id: ${seq}\ndata: ${JSON.stringify(message)}\n\n`;
      const middle = Math.floor(text.length / 2);
      this.stream.write(text.slice(0, middle));
      this.stream.write(text.slice(middle));
    } catch {
      this.stream = null;
    }
  }

  /** @param {number} wait in s @param {AbortSignal} signal @returns {Promise<Response>} */
  messages(wait, signal) {
    const give = () => {
      const next = this.unheard.at(-1)?.seq ?? this.#seq;
      return response(200, { next, messages: this.unheard.map(({ message }) => message) });
    };
    this.#waiting?.(response(409, {}));
    this.stream?.close();
    this.stream = null;
    if (this.unheard.length > 0 || wait === 0) return Promise.resolve(give());
    return new Promise((resolve) => {
      const timer = this.clock.setTimeout(() => done(), wait * 1000);
      const done = (/** @type {any} */ instead) => {
        this.clock.clearTimeout(timer);
        if (this.#waiting === done) this.#waiting = null;
        resolve(instead ?? give());
      };
      signal.addEventListener('abort', () => {
        this.clock.clearTimeout(timer);
        if (this.#waiting === done) this.#waiting = null;
      });
      this.#waiting = done;
    });
  }

  /** Ends what is open, without a word or in the middle of one. @param {string} [tail] */
  cut(tail) {
    const { stream } = this;
    this.stream = null;
    try {
      if (tail) stream?.write(tail);
      stream?.fail();
    } catch {
      // It was over.
    }
    this.#waiting?.(response(502, {}));
  }
}

/** @param {number} status @param {any} [body] @param {any} [headers] */
function response(status, body, headers = {}) {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers });
}

async function settleOnce() {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A client and the whole server for it. @param {any} [options] */
export async function whole({
  server: more = {},
  clock = new FakeClock(),
  url = /** @type {any} */ ('http://test/chat'),
  ...options
} = {}) {
  const server = Object.assign(new FakeServer(clock), more);
  const board = new Switchboard(url, {
    clock,
    random: () => 0.5,
    WebSocket: server.Socket,
    fetch: server.fetch,
    page: {},
    ...options,
  });
  /** @type {any[]} */ const states = [];
  /** @type {any[]} */ const moves = [];
  /** @type {any[]} */ const errors = [];
  board.addEventListener('state', (/** @type {any} */ event) => states.push(event.detail));
  board.addEventListener('transport', (/** @type {any} */ event) => moves.push(event.detail));
  board.addEventListener('error', (/** @type {any} */ event) => errors.push(event.detail.code));
  const pass = async (/** @type {number} */ ms) => {
    await settled();
    for (let i = 0; i < 3; i += 1) {
      clock.advance(0);
      await settled();
    }
    for (let left = ms; left > 0; left -= 250) {
      clock.advance(Math.min(250, left));
      await settled();
    }
  };
  await settled();
  return { board, clock, server, states, moves, errors, pass };
}

/** Lets requests and answers run that wait for no time. */
export async function settled() {
  for (let i = 0; i < 6; i += 1) await settle();
}
