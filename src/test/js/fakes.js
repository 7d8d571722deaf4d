// @ts-check

/** Time that moves only when a test says so. Timers run in order of their due time. */
export class FakeClock {
  /** @type {{id: number, due: number, run: () => void}[]} */ #timers = [];
  #now = 1_000_000;
  #id = 0;

  now() {
    return this.#now;
  }

  /** @param {() => void} run @param {number} ms */
  setTimeout(run, ms) {
    this.#id += 1;
    this.#timers.push({ id: this.#id, due: this.#now + ms, run });
    return this.#id;
  }

  /** @param {number} id */
  clearTimeout(id) {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  }

  get pending() {
    return this.#timers.length;
  }

  /** @param {number} ms */
  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.sort((a, b) => a.due - b.due || a.id - b.id)[0];
      if (!next || next.due > end) break;
      this.#timers.shift();
      this.#now = next.due;
      next.run();
    }
    this.#now = end;
  }
}

/** The same numbers in [0, 1) every time. @param {number} seed */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
