// @ts-check

/**
 * The value below which `part` of the values lie, by the nearest rank.
 *
 * @param {number[]} values
 * @param {number} part 0.5 is the median
 * @returns {number} NaN where there are none
 */
export function percentile(values, part) {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

/** @typedef {import('./api.js').Count} Count */

/** What one transport has come to so far. */
export class Tally {
  messages = 0;
  /** @type {number[]} milliseconds from the server's clock to this page */ latencies = [];
  /** Numbers that came twice, and such that were left out in between. */
  twice = 0;
  missing = 0;
  /** @type {Count | null} when it was ready, before the first message */ #before = null;
  /** So many messages had come by then. */ #early = 0;
  /** @type {Count | null} */ count = null;
  #last = 0;
  /** So many messages had come when the server was asked last. */ #counted = 0;

  /** So many latencies are kept; of a longer run these are the newest. */
  static KEPT = 20_000;

  /** @param {number} number of the message, from 1 @param {number} latency milliseconds */
  message(number, latency) {
    if (number <= this.#last) {
      this.twice += 1;
      return;
    }
    if (this.#last > 0) this.missing += number - this.#last - 1;
    this.#last = number;
    this.messages += 1;
    this.latencies.push(latency);
    if (this.latencies.length > Tally.KEPT) this.latencies.shift();
  }

  /** @param {Count} count as the server tells it */
  counted(count) {
    this.count = count;
    if (this.messages === 0 || !this.#before) {
      this.#before = count;
      this.#early = this.messages;
    }
    this.#counted = this.messages;
  }

  /** What it cost to be ready: the handshake or the session. */
  get setup() {
    return this.#before;
  }

  /** What it cost since it was ready. */
  get running() {
    const { count } = this;
    const before = this.#before;
    if (!count || !before) return null;
    return {
      requests: count.requests - before.requests,
      received: count.received - before.received,
      sent: count.sent - before.sent,
      used: count.used - before.used,
    };
  }

  /** Per message since it was ready; null before the first. */
  get each() {
    const { running } = this;
    const messages = this.#counted - this.#early;
    if (!running || messages <= 0) return null;
    return {
      requests: running.requests / messages,
      bytes: (running.received + running.sent) / messages,
      received: running.received / messages,
      sent: running.sent / messages,
      used: running.used / messages,
    };
  }

  /** @param {number} part */
  latency(part) {
    return percentile(this.latencies, part);
  }
}

/** @param {number} bytes @returns {string} */
export function bytes(bytes) {
  if (!Number.isFinite(bytes)) return '–';
  if (bytes < 10_000) return `${digits(bytes)} B`;
  if (bytes < 10_000_000) return `${digits(bytes / 1000)} kB`;
  return `${digits(bytes / 1e6)} MB`;
}

/** @param {number} ms @returns {string} */
export function millis(ms) {
  if (!Number.isFinite(ms)) return '–';
  return Math.abs(ms) < 10_000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`;
}

/** @param {number} nanos @returns {string} */
export function micros(nanos) {
  if (!Number.isFinite(nanos)) return '–';
  return nanos < 10_000_000 ? `${digits(nanos / 1000)} µs` : `${digits(nanos / 1e6)} ms`;
}

/** Three digits that count, at most. @param {number} value @returns {string} */
export function digits(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const decimals = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en', {
    minimumFractionDigits: 0,
    maximumFractionDigits: decimals,
  });
}
