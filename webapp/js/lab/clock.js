// @ts-check

/**
 * How far the server's clock is from this browser's, as NTP finds out: of several round trips, the
 * quickest one tells best. The truth is within half of its duration.
 */
export class ClockOffset {
  /** @type {{offset: number, error: number, at: number}[]} */ #samples = [];

  /** Older samples are forgotten, for clocks drift. Milliseconds. */
  static LIFETIME = 120_000;

  /**
   * Takes one round trip. All times in milliseconds since 1970.
   *
   * @param {number} asked by this browser's clock
   * @param {number} server by the server's clock
   * @param {number} answered by this browser's clock
   */
  add(asked, server, answered) {
    this.#samples.push({
      offset: server - (asked + answered) / 2,
      error: (answered - asked) / 2,
      at: answered,
    });
    this.#samples = this.#samples.filter((one) => answered - one.at <= ClockOffset.LIFETIME);
  }

  get #best() {
    return this.#samples.reduce((best, one) => (one.error < best.error ? one : best));
  }

  get isKnown() {
    return this.#samples.length > 0;
  }

  /** What to add to this browser's time to have the server's, in milliseconds. */
  get offset() {
    return this.isKnown ? this.#best.offset : 0;
  }

  /** How wrong that may be, at most, in milliseconds. */
  get error() {
    return this.isKnown ? this.#best.error : Infinity;
  }
}

/** This browser's time in milliseconds since 1970, finer than a Date and never set back. */
export const now = () => performance.timeOrigin + performance.now();
