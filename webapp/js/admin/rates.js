// @ts-check

/** @typedef {import('./api.js').Report} Report */

/** Turns reports, which count from the start of the node, into numbers per second. */
export class Rates {
  /** @type {Report | null} */ #last = null;

  /**
   * Takes a report.
   *
   * @param {Report} report
   * @returns {{seconds: number, in: number, out: number, published: number} | null} `seconds` since
   *   1970; null for the first report, one that is not newer, and the first after a restart
   */
  add(report) {
    const last = this.#last;
    if (last !== null && last.since === report.since && last.at >= report.at) return null;
    this.#last = report;
    if (last === null || last.since !== report.since) return null;
    const passed = (Date.parse(report.at) - Date.parse(last.at)) / 1000;
    const each = (/** @type {'messagesIn' | 'messagesOut' | 'published'} */ what) =>
      Math.max(0, (report[what] - last[what]) / passed);
    return {
      seconds: Date.parse(report.at) / 1000,
      in: each('messagesIn'),
      out: each('messagesOut'),
      published: each('published'),
    };
  }
}

/** @param {number} ms @returns {string} how long that is, in two units at most */
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** @param {number} value @returns {string} per second */
export function rate(value) {
  return value < 10 && value > 0 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
