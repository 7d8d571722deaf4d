// @ts-check

/**
 * The four ways in which this server delivers the same messages: `superchat` over WebSocket, and
 * over its three HTTP transports. Each is written out here as plainly as can be, so that the reader
 * finds in the browser's network view just what is compared; an application uses `js/switchboard`,
 * which does all this and comes back after a cut.
 *
 * @typedef {object} Hearing hears what a carrier does
 * @property {(session: string) => void} ready it listens on the channel
 * @property {(data: any) => void} message the data of a publication
 * @property {(why: string) => void} ended it is over, and it was not `stop`
 *
 * @typedef {object} Surroundings
 * @property {string} page the address of the page
 * @property {typeof fetch} fetch
 * @property {new (url: string, protocols: string[]) => any} WebSocket
 * @property {new (url: string) => any} EventSource
 * @property {(run: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 *
 * @typedef {{stop: () => void}} Carrier
 * @typedef {'polling' | 'long' | 'sse' | 'websocket'} Kind
 */

/** How often plain polling asks, in milliseconds. */
export const EVERY = 1_000;

/** How long a long poll waits, in seconds. */
export const WAIT = 25;

/** @returns {Surroundings} those of this browser */
export function browser() {
  return {
    page: location.href,
    fetch: (...all) => fetch(...all),
    WebSocket,
    EventSource,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  };
}

/**
 * Begins to listen on a channel.
 *
 * @param {Kind} kind
 * @param {string | null} channel null to listen on none
 * @param {Hearing} hearing
 * @param {Surroundings} around
 * @returns {Carrier}
 */
export function listen(kind, channel, hearing, around) {
  const connect = {
    type: 'connect',
    id: 1,
    client: `lab/${kind}`,
    ...(channel ? { subs: { [channel]: null } } : {}),
  };
  return kind === 'websocket'
    ? overWebSocket(connect, hearing, around)
    : new OverHttp(kind, connect, hearing, around);
}

/** @param {object} connect @param {Hearing} hearing @param {Surroundings} around @returns {Carrier} */
function overWebSocket(connect, hearing, around) {
  let stopped = false;
  const socket = new around.WebSocket(socketUrl(around.page), ['superchat']);
  const reading = new Reading(hearing, () => socket.send('{"type":"pong"}'));
  socket.onopen = () => socket.send(JSON.stringify(connect));
  socket.onmessage = (/** @type {{data: any}} */ event) => {
    if (typeof event.data === 'string') reading.text(event.data);
  };
  socket.onclose = (/** @type {{code: number, reason: string}} */ event) => {
    if (!stopped) hearing.ended(`closed with ${event.code} ${event.reason}`.trim());
  };
  return {
    stop: () => {
      stopped = true;
      socket.close(1000, '');
    },
  };
}

/** @param {string} page @param {string} [query] @returns {string} the endpoint next to the page */
export function socketUrl(page, query = '') {
  const url = new URL(`chat${query}`, page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** What the server says, read alike whatever carried it. */
class Reading {
  #hearing;
  #pong;

  /** @param {Hearing} hearing @param {() => void} pong answers a ping of the server */
  constructor(hearing, pong) {
    this.#hearing = hearing;
    this.#pong = pong;
  }

  /** @param {string} text */
  text(text) {
    const value = JSON.parse(text);
    for (const one of Array.isArray(value) ? value : [value]) this.one(one);
  }

  /** @param {any} message */
  one(message) {
    switch (message?.type) {
      case 'connected': {
        const refused = Object.values(message.subs ?? {}).find((one) => one?.type === 'error');
        if (refused) this.#hearing.ended(refused.message ?? 'the channel was refused');
        else this.#hearing.ready(message.session);
        break;
      }
      case 'publication':
        this.#hearing.message(message.data);
        break;
      case 'ping':
        this.#pong();
        break;
      case 'bye':
      case 'error':
        this.#hearing.ended(message.reason ?? message.message ?? message.type);
        break;
      default: // what is not for us
    }
  }
}

/** A session over HTTP. */
class OverHttp {
  #kind;
  #hearing;
  #around;
  #reading;
  #sessions;
  #stopped = false;
  #abort = new AbortController();
  /** @type {any} */ #timer = null;
  /** @type {any} */ #events = null;
  #url = '';
  #token = '';
  #after = 0;

  /**
   * @param {Kind} kind
   * @param {object} connect
   * @param {Hearing} hearing
   * @param {Surroundings} around
   */
  constructor(kind, connect, hearing, around) {
    this.#kind = kind;
    this.#hearing = hearing;
    this.#around = around;
    this.#reading = new Reading(hearing, () => this.#pong());
    this.#sessions = new URL('chat/sessions', around.page).href;
    this.#begin(connect).catch((error) => this.#end(error));
  }

  /** @param {object} connect */
  async #begin(connect) {
    const answer = await this.#ask(this.#sessions, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(connect),
    });
    const connected = await answer.json();
    this.#token = connected.token;
    this.#url = `${this.#sessions}/${connected.session}`;
    if (this.#stopped) {
      this.#leave();
      return;
    }
    this.#reading.one(connected);
    if (this.#kind === 'sse') this.#stream();
    else await this.#poll();
  }

  #stream() {
    const events = new this.#around.EventSource(
      `${this.#url}/events?session_token=${encodeURIComponent(this.#token)}`,
    );
    this.#events = events;
    events.onmessage = (/** @type {{data: string}} */ event) => this.#reading.text(event.data);
    events.onerror = () => {
      if (events.readyState === 2) this.#end(new Error('the stream was refused'));
    };
  }

  async #poll() {
    const wait = this.#kind === 'long' ? WAIT : 0;
    while (!this.#stopped) {
      const answer = await this.#ask(`${this.#url}/messages?after=${this.#after}&wait=${wait}`, {
        headers: { authorization: `Bearer ${this.#token}` },
      });
      const { next, messages } = await answer.json();
      this.#after = next;
      for (const message of messages) this.#reading.one(message);
      if (wait === 0) await this.#pause(EVERY);
    }
  }

  /** @param {string} url @param {RequestInit} options @returns {Promise<Response>} */
  async #ask(url, options) {
    const answer = await this.#around.fetch(url, {
      cache: 'no-store',
      signal: this.#abort.signal,
      ...options,
    });
    if (!answer.ok) throw new Error(`the answer was ${answer.status}`);
    return answer;
  }

  /** @param {number} ms */
  #pause(ms) {
    return /** @type {Promise<void>} */ (
      new Promise((done) => {
        this.#timer = this.#around.setTimeout(() => done(), ms);
      })
    );
  }

  /** A request is a sign of life by itself; a stream has to say it. */
  #pong() {
    if (this.#kind !== 'sse') return;
    this.#ask(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.#token}`,
      },
      body: '{"type":"pong"}',
    }).catch((error) => this.#end(error));
  }

  #leave() {
    this.#around
      .fetch(this.#url, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${this.#token}` },
        keepalive: true,
      })
      .catch(() => {}); // it ends by itself after a minute
  }

  /** @param {unknown} error */
  #end(error) {
    if (this.#stopped) return;
    this.#halt();
    this.#hearing.ended(error instanceof Error ? error.message : String(error));
  }

  #halt() {
    this.#stopped = true;
    this.#around.clearTimeout(this.#timer);
    this.#events?.close();
    this.#abort.abort();
  }

  stop() {
    if (this.#stopped) return;
    this.#halt();
    if (this.#url) this.#leave();
  }
}
