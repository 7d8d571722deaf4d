// @ts-check
/** @import {Answer, Fault, Http, Listener, Read, Transport} from './types.js' */

// What carries frames; the README says why it is as it is. Times are in ms.
const ANSWER = 8_000;
// A server says something on a stream at once, and every 15 s.
const FIRST_WORD = 5_000;
const NEXT_WORD = 25_000;
// A stream that ended sooner was cut; no server answers with that status.
const SHORT = 2_000;
const CUT = 599;
const WAIT = 25;
const TRIES = 6;
const LATER = [408, 409, 429];

/** The transports by their names, or as they are given. @param {any} options @returns {Transport[]} */
export function choose(options) {
  const long = (/** @type {Session} */ session) => poll(session, WAIT);
  const short = (/** @type {Session} */ session) => poll(session, 0);
  const known = [
    websocket(options.WebSocket),
    http('sse', options, stream),
    http('longpoll', options, long),
    http('polling', options, short),
  ];
  const names = known.map(({ name }) => name);
  return (options.transports ?? names).map((/** @type {any} */ one) => {
    const transport = typeof one === 'string' ? known[names.indexOf(one)] : one;
    if (transport) return options.around?.(transport) ?? transport;
    throw new TypeError(`transports: ${one} is none of ${names.join(', ')}`);
  });
}

/** @param {any} [Socket] in place of the global class @returns {Transport} */
export function websocket(Socket) {
  return {
    name: 'websocket',
    binary: true,
    open(url, listener) {
      const Class = Socket ?? globalThis.WebSocket;
      if (!Class) throw new TypeError('there is no WebSocket here: give options.WebSocket');
      const socket = new Class(url.replace(/^http/, 'ws'), ['superchat']);
      const closed = (/** @type {any} */ { code, reason }) => listener.closed(code, reason);
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        socket.onerror = () => {};
        listener.opened();
      };
      socket.onmessage = (/** @type {any} */ { data }) => listener.message(data);
      socket.onclose = closed;
      // Node's own class says nothing more where it cannot connect; others say `close` as well.
      socket.onerror = () => closed({ code: 1006, reason: '' });
      return {
        send: (frame) => socket.readyState === 1 && socket.send(frame),
        close: (code, reason) => socket.close(code, reason),
      };
    },
  };
}

/**
 * @param {string} name @param {Http} around @param {(session: Session) => void} receive
 * @returns {Transport}
 */
function http(name, around, receive) {
  return {
    name,
    binary: false,
    open(url, listener) {
      const session = new Session(url, listener, around, receive);
      queueMicrotask(() => session.over || listener.opened());
      return session;
    },
  };
}

/** Numbered POSTs carry commands and their answers, a stream or polls the rest. */
class Session {
  /** The last push that was heard. */
  after = 0;
  over = false;
  #listener;
  #receive;
  #url;
  #search;
  #secret = '';
  #connected = '';
  #limit = 0;
  #number = 0;
  /** @type {string[]} */ #queue = [];
  #posting = false;
  /** @type {Set<() => void>} end what is under way */ #cuts = new Set();

  /**
   * @param {string} url @param {Listener} listener @param {Http} around
   * @param {(session: Session) => void} receive
   */
  constructor(url, listener, around, receive) {
    const { origin, pathname, search } = new URL(url);
    this.#url = `${origin}${pathname.replace(/\/$/, '')}/sessions`;
    this.#search = search;
    this.#listener = listener;
    this.around = around;
    this.#receive = receive;
  }

  /** @param {any} frame */
  send(frame) {
    this.#queue.push(frame);
    if (!this.#posting) this.#post();
  }

  /** @param {number} code */
  close(code) {
    if (this.over) return;
    this.over = true;
    for (const cut of this.#cuts) cut();
    if (code === 1000 && this.#secret) this.#leave();
  }

  /** @param {string} text */
  heard(text) {
    if (!this.over) this.#listener.message(text);
  }

  /** Pushes come. The client may rely on the session from here on. */
  works() {
    const text = this.#connected;
    this.#connected = '';
    if (text) this.heard(text);
  }

  /** @param {string} reason @param {Fault} [fault] @param {number} [code] */
  fails(reason, fault, code = 1006) {
    if (this.over) return;
    this.close(fault === 'transport' ? 1000 : code);
    this.#listener.closed(code, reason, fault);
  }

  /** @param {number} ms @returns {Promise<void>} never resolved where the session ends before */
  pause(ms) {
    return new Promise((resolve) => this.#alarm(ms, resolve));
  }

  /**
   * One request, until it is answered or `ms` have passed; null without an answer.
   *
   * @param {string} method @param {string} tail @param {string} [body] @param {number} [ms]
   * @param {Read} [read] @returns {Promise<Answer | null>}
   */
  async ask(method, tail, body, ms = ANSWER, read = whole) {
    const cut = new AbortController();
    const abort = () => cut.abort();
    let stop = this.#alarm(ms, abort);
    this.#cuts.add(abort);
    try {
      const response = await this.around.fetch(this.#url + tail, {
        method,
        body,
        headers: this.#headers(body),
        signal: cut.signal,
        cache: 'no-store',
      });
      return await read(response, (longer) => {
        stop();
        stop = this.#alarm(longer, abort);
      });
    } catch {
      return null;
    } finally {
      stop();
      this.#cuts.delete(abort);
    }
  }

  /**
   * Asks until there is an answer: a network that is away for a moment is not the end.
   *
   * @param {() => Promise<Answer | null>} attempt
   * @param {boolean} [listens] the last word of the server is heard there, not by a POST
   * @returns {Promise<Answer | null>} null where the session is over
   */
  async insist(attempt, listens = true) {
    for (let tries = 1; ; tries += 1) {
      const answer = await attempt();
      if (this.over) return null;
      const { status = 0, wait = 0 } = answer ?? {};
      if (status === 401 || status === 404 || status === 410) {
        if (listens) this.fails('the session is gone', undefined, 4202);
        return null;
      }
      if (status >= 200 && status < 500 && !LATER.includes(status)) return answer;
      if (tries === TRIES) {
        this.fails(`no answer (${status})`, answer ? 'transport' : undefined);
        return null;
      }
      const delay = Math.min(4000, 250 * 2 ** tries) * (0.5 + this.around.random() / 2);
      await this.pause(Math.max(wait, delay));
    }
  }

  /** @param {number} ms @param {() => void} run @returns {() => void} takes it back */
  #alarm(ms, run) {
    const { clock } = this.around;
    const stop = () => {
      clock.clearTimeout(timer);
      this.#cuts.delete(stop);
    };
    const timer = clock.setTimeout(() => {
      this.#cuts.delete(stop);
      run();
    }, ms);
    this.#cuts.add(stop);
    return stop;
  }

  /** @param {string} [body] */
  #headers(body) {
    /** @type {Record<string, string>} */ const headers = {};
    if (body) headers['Content-Type'] = 'application/json';
    if (this.#secret) headers.Authorization = `Bearer ${this.#secret}`;
    return headers;
  }

  /** One at a time; what piles up meanwhile goes together. */
  async #post() {
    this.#posting = true;
    for (let frames; (frames = this.#next());) {
      if (!this.#secret) {
        await this.#connect(frames[0]);
        continue;
      }
      const body = frames.length > 1 ? `[${frames}]` : frames[0];
      const n = (this.#number += 1);
      const post = () => this.ask('POST', `?n=${n}&after=${this.after}`, body);
      const answer = await this.insist(post, false);
      if (!answer) return;
      if (answer.status === 200) this.heard(answer.text ?? '');
      else if (answer.status > 204) this.#refuse(frames, answer);
    }
    this.#posting = false;
  }

  /** @returns {string[] | undefined} what goes with the next POST: no more than one message may hold */
  #next() {
    if (this.over || this.#queue.length === 0) return undefined;
    let size = 2;
    let count = 0;
    for (const { length } of this.#queue) {
      size += 3 * length + 1;
      if (size > this.#limit) break;
      count += 1;
    }
    return this.#queue.splice(0, Math.max(1, count));
  }

  /** It did not get through. @param {string[]} frames @param {Answer} answer */
  #refuse(frames, { status, text = '' }) {
    const { code = 'bad-request' } = object(text);
    const message = `the request was answered with ${status}`;
    for (const frame of frames) {
      this.heard(JSON.stringify({ type: 'error', re: JSON.parse(frame).id, code, message }));
    }
  }

  /** @param {string} hello */
  async #connect(hello) {
    const answer = await this.ask('POST', this.#search, hello);
    if (this.over) return;
    const { status = 0, text = '', wait } = answer ?? {};
    const { token, session, limits, code, detail, title } = object(text);
    const refusal = { 400: 'bad-request', 401: 'unauthenticated', 403: 'forbidden' }[status];
    const later = status === 429 || status === 503;
    if (token && session) {
      this.#secret = token;
      this.#connected = text;
      this.#limit = limits?.message ?? 0;
      this.#url += `/${encodeURIComponent(session)}`;
      this.#receive(this);
    } else if (refusal || later) {
      const message = detail ?? title ?? `answered with ${status}`;
      const error = { code: code ?? refusal ?? 'unavailable', message, retry: later };
      this.heard(JSON.stringify({ type: 'error', re: 1, ...error, retryAfter: wait }));
    } else {
      // 404: its server goes on without it, for a moment, while it is replaced.
      const away = !status || status === 404 || status >= 500;
      this.fails(`no session (${status})`, away ? 'away' : 'transport');
    }
  }

  /** The page may be gone before this is answered. */
  #leave() {
    const headers = this.#headers();
    const options = { method: 'DELETE', headers, keepalive: true };
    this.around.fetch(this.#url, options).catch(() => {});
  }
}

/** @param {Response} response */
async function whole(response) {
  const wait = 1000 * Number(response.headers.get('Retry-After')) || 0;
  return { status: response.status, text: await response.text(), wait };
}

/** @param {string} text @returns {Record<string, any>} */
function object(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** @param {Session} session */
async function stream(session) {
  const { clock } = session.around;
  let silent = true;
  /** @type {Read} */
  const read = async ({ ok, status, body }, more) => {
    if (!ok || !body) return { status };
    const began = clock.now();
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    let told = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done || session.over) break;
        silent = false;
        more(NEXT_WORD);
        session.works();
        const events = (rest + value).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) told = take(session, event) || told;
      }
    } catch {
      // It was cut; the next one goes on where it ended.
    }
    return { status: told || clock.now() - began > SHORT ? 200 : CUT };
  };
  while (!session.over) {
    const answer = await session.insist(async () => {
      const tail = `/events?after=${session.after}`;
      const answer = await session.ask('GET', tail, undefined, FIRST_WORD, read);
      const spoken = answer && answer.status !== 200 && answer.status !== CUT;
      if (silent && !spoken) session.fails('the stream is held back', 'transport');
      return answer;
    });
    if (answer?.status !== 200) session.fails(`no stream (${answer?.status})`, 'transport');
  }
}

/** @param {Session} session @param {string} event @returns {boolean} whether it was a new message */
function take(session, event) {
  const id = Number(/^id: ?(\d+)/m.exec(event)?.[1]);
  const data = /^data: ?(.*)/m.exec(event)?.[1];
  if (!data || !(id > session.after)) return false;
  session.after = id;
  session.heard(data);
  return true;
}

/** @param {Session} session @param {number} wait in s, for something to come */
async function poll(session, wait) {
  const { clock, pollInterval } = session.around;
  session.works();
  while (!session.over) {
    const began = clock.now();
    const tail = () => `/messages?after=${session.after}&wait=${wait}`;
    const answer = await session.insist(() =>
      session.ask('GET', tail(), undefined, wait * 1000 + ANSWER),
    );
    if (!answer) return;
    const { next, messages } = object(answer.text ?? '');
    if (!Array.isArray(messages)) return session.fails('no messages', 'transport');
    session.after = next;
    if (messages.length > 0) session.heard(JSON.stringify(messages));
    const hurried = messages.length === 0 && clock.now() - began < pollInterval;
    if (wait === 0 || hurried) await session.pause(pollInterval);
  }
}
