// @ts-check

/** What the server refused, in its own words. */
export class Refused extends Error {
  /** @param {number} status 0 where there was no answer @param {string} message */
  constructor(status, message) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}

/**
 * @typedef {{count: number, p50: number, p99: number}} Latency in microseconds
 * @typedef {{node: string, at: string, since: string, draining: boolean, engine: boolean,
 *   connections: number, sessions: Record<string, number>, channels: number, queuedBytes: number,
 *   queueLimit: number, messagesIn: number, messagesOut: number, published: number,
 *   latency: Latency, heap: {used: number, max: number}}} Report
 * @typedef {{session: string, user: string, guest: boolean, name?: string, node: string,
 *   transport: string, subprotocol: string, address: string, since: string, queuedBytes: number,
 *   messagesIn: number, messagesOut: number, channels: string[]}} Session
 * @typedef {Session & {
 *   handshake: {line: string, requestHeaders: Record<string, string>, responseHeaders: Record<string, string>},
 *   queue: {frames: number, bytes: number, underWay: number, heldUp: number},
 *   subscriptions: {channel: string, offset: number, behind: boolean}[],
 *   errors: {at: string, code: string, message: string}[]}} Story
 * @typedef {{sessions: Session[], matching: number, truncated: boolean}} Sessions
 * @typedef {{channels: {channel: string, subscribers: number}[], truncated: boolean}} Channels
 */

/** The server API, as an operator uses it. Throws {@link Refused} where it says no. */
export class Api {
  #base;
  #key;
  #fetch;

  /**
   * @param {string} page the address of the page
   * @param {string} key an API key; '' where the container knows who it is
   * @param {typeof fetch} [get]
   */
  constructor(page, key, get) {
    this.#base = new URL('api/', page);
    this.#key = key;
    this.#fetch = get ?? ((...all) => globalThis.fetch(...all));
  }

  /** @returns {Promise<Report>} */
  node() {
    return this.#ask('GET', 'node');
  }

  /**
   * @param {{search: string, sort: string, transport: string, limit: number}} wanted
   * @returns {Promise<Sessions>}
   */
  sessions(wanted) {
    return this.#ask('GET', `sessions?${query(wanted)}`);
  }

  /** @param {string} session @returns {Promise<Story>} */
  story(session) {
    return this.#ask('GET', `sessions/${encodeURIComponent(session)}`);
  }

  /** @param {{search: string, limit: number}} wanted @returns {Promise<Channels>} */
  channels(wanted) {
    return this.#ask('GET', `channels?${query(wanted)}`);
  }

  /** @param {string} channel @param {unknown} data @returns {Promise<{offset: number}>} */
  publish(channel, data) {
    return this.#ask('POST', 'publish', { channel, data });
  }

  /** @param {string} session @param {string} reason @param {boolean} comesBack */
  disconnect(session, reason, comesBack) {
    return this.#ask('POST', `sessions/${encodeURIComponent(session)}/disconnect`, {
      code: comesBack ? 4200 : 4004,
      ...(reason === '' ? {} : { reason }),
    });
  }

  /** @param {boolean} on */
  drain(on) {
    return this.#ask(on ? 'POST' : 'DELETE', 'drain');
  }

  /**
   * A ticket for this page to hear how the node is.
   *
   * @param {string} channel
   * @returns {Promise<{ticket: string}>}
   */
  ticket(channel) {
    return this.#ask('POST', 'tickets', {
      user: 'admin-page',
      name: 'Admin page',
      channels: { subscribe: [channel] },
    });
  }

  /** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async #ask(method, path, body) {
    /** @type {Record<string, string>} */
    const headers = this.#key === '' ? {} : { authorization: `Bearer ${this.#key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    let answer;
    try {
      answer = await this.#fetch(new URL(path, this.#base), {
        method,
        headers,
        cache: 'no-store',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Refused(0, 'the node does not answer');
    }
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    throw new Refused(answer.status, await detail(answer));
  }
}

/** @param {Record<string, string | number>} wanted what is empty is left out */
function query(wanted) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== '') parameters.set(name, String(value));
  }
  return parameters;
}

/** @param {Response} answer @returns {Promise<string>} */
async function detail(answer) {
  try {
    const problem = await answer.json();
    if (typeof problem?.detail === 'string') return problem.detail;
  } catch {
    // Not a problem document: somebody between us and the server answered.
  }
  return `the answer was ${answer.status}`;
}
