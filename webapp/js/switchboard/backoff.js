// @ts-check

/** Full-jitter exponential backoff: anywhere between nothing and a ceiling that doubles. */
export class Backoff {
  #random;
  #base;
  #cap;
  #attempt = 0;

  /** @param {() => number} random in [0, 1) @param {number} base @param {number} cap both in ms */
  constructor(random, base, cap) {
    this.#random = random;
    this.#base = base;
    this.#cap = cap;
  }

  /** The next wait in ms. */
  next() {
    const ceiling = Math.min(this.#cap, this.#base * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    return Math.floor(this.#random() * ceiling);
  }

  /** Nothing the first time, then like {@link next}. */
  soon() {
    if (this.#attempt > 0) return this.next();
    this.#attempt = 1;
    return 0;
  }

  reset() {
    this.#attempt = 0;
  }
}
