// @ts-check

/**
 * Full-jitter exponential backoff: the wait is anywhere between nothing and a ceiling that doubles
 * with every attempt. Spreading over the whole range keeps a thousand browsers that lost the same
 * server from coming back in the same instant.
 */
export class Backoff {
  #random;
  #base;
  #cap;
  #attempt = 0;

  /**
   * @param {() => number} random uniform in [0, 1)
   * @param {{base?: number, cap?: number}} [limits] the first and the largest ceiling, in ms
   */
  constructor(random, { base = 500, cap = 30_000 } = {}) {
    this.#random = random;
    this.#base = base;
    this.#cap = cap;
  }

  /** How many waits were handed out since the last reset. */
  get attempt() {
    return this.#attempt;
  }

  /**
   * The next wait in ms.
   *
   * @param {number} [floor] never less than this many ms
   */
  next(floor = 0) {
    const ceiling = Math.min(this.#cap, this.#base * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    return Math.max(floor, Math.floor(this.#random() * ceiling));
  }

  /** Nothing the first time, then like {@link next}: for a server that asks to come right back. */
  soon() {
    if (this.#attempt > 0) return this.next();
    this.#attempt = 1;
    return 0;
  }

  /** The connection held: the next trouble starts from the beginning. */
  reset() {
    this.#attempt = 0;
  }
}
