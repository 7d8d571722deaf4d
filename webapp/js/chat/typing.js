// @ts-check

/** Somebody types for so long after the last sign of it, in ms. */
export const TYPES_FOR = 6_000;
/** One sign in this time (ms) is enough: two may be lost. */
export const SIGN_EVERY = 2_500;

/** Who is typing in a room. */
export class Typists {
  /** @type {Map<string, {name: string, until: number}>} by user */ #typing = new Map();

  /** @param {string} user @param {string} name @param {number} now */
  sign(user, name, now) {
    this.#typing.set(user, { name, until: now + TYPES_FOR });
  }

  /** They have said it, left, or thought better of it. @param {string} user */
  stopped(user) {
    this.#typing.delete(user);
  }

  /** @param {number} now @returns {string[]} names */
  names(now) {
    for (const [user, { until }] of this.#typing) if (until <= now) this.#typing.delete(user);
    return [...this.#typing.values()].map((one) => one.name);
  }

  /** When the next one has typed no more; Infinity where nobody types. */
  get next() {
    return Math.min(...[...this.#typing.values()].map((one) => one.until), Infinity);
  }
}

/** When to tell the others that we type. */
export class TypingSign {
  #told = -Infinity;

  /** A key was pressed. @param {number} now @returns {boolean} whether to say so */
  due(now) {
    if (now - this.#told < SIGN_EVERY) return false;
    this.#told = now;
    return true;
  }

  /** What was typed is gone. @returns {boolean} whether the others believe that we type */
  over() {
    const told = this.#told > -Infinity;
    this.#told = -Infinity;
    return told;
  }
}
