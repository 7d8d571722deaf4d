// @ts-check

/** What the server refused, in its own words. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}

/**
 * @typedef {{runs: number, minRate: number, maxRate: number, minSize: number, maxSize: number,
 *   measure: 'cpu' | 'wall', interval: number, timeout: number}} Info the heartbeat in seconds
 * @typedef {{run: string, channel: string, rate: number, size: number, ends: string}} Run
 * @typedef {{session: string, requests: number, received: number, sent: number, used: number}} Count
 *   bytes as they came and went, nanoseconds
 * @typedef {{run: string, at: number, published: number, listeners: number, ends: string,
 *   sessions: Count[]}} Counts
 * @typedef {{server: string, protocol: string, scheme: string, host: string, address: string,
 *   client?: string, secure?: boolean, forwarding: Record<string, string>}} Seen
 */

/** The server's side of this page. */
export class Api {
  #base;
  #fetch;

  /** @param {string} page the address of the page @param {typeof fetch} [get] */
  constructor(page, get) {
    this.#base = new URL('lab/', page);
    this.#fetch = get ?? ((...all) => globalThis.fetch(...all));
  }

  /** @returns {Promise<Info>} */
  info() {
    return this.#ask('info');
  }

  /** @returns {Promise<{at: number}>} the server's clock in microseconds */
  time() {
    return this.#ask('time');
  }

  /** @returns {Promise<Seen>} */
  seen() {
    return this.#ask('seen');
  }

  /** @param {number} rate per second @param {number} size bytes @returns {Promise<Run>} */
  start(rate, size) {
    return this.#ask('runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rate, size }),
    });
  }

  /** @param {string} run @param {string[]} sessions @returns {Promise<Counts>} */
  counts(run, sessions) {
    const query = sessions.map((session) => `session=${encodeURIComponent(session)}`).join('&');
    return this.#ask(`runs/${run}?${query}`);
  }

  /** @param {string} run */
  async stop(run) {
    await this.#fetch(new URL(`runs/${run}`, this.#base), { method: 'DELETE', keepalive: true });
  }

  /** @param {string} path @param {RequestInit} [options] */
  async #ask(path, options) {
    const answer = await this.#fetch(new URL(path, this.#base), { cache: 'no-store', ...options });
    if (answer.ok) return answer.json();
    throw new Refused(answer.status, await detail(answer));
  }
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
