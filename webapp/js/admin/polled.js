// @ts-check

/**
 * Asks again and again while somebody looks: the next time some while after the last answer, so that
 * a slow node is not asked faster than it answers. Of what comes late only the newest is shown.
 *
 * @template T
 */
export class Polled {
  #ask;
  #show;
  #failed;
  #every;
  #around;
  /** @type {unknown} */ #timer = null;
  #turn = 0;
  #going = false;

  /**
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => void} show
   * @param {(error: unknown) => void} failed
   * @param {number} every milliseconds from an answer to the next question
   * @param {{setTimeout: (run: () => void, ms: number) => unknown, clearTimeout: (timer: any) => void,
   *   hidden: () => boolean}} around
   */
  constructor(ask, show, failed, every, around) {
    this.#ask = ask;
    this.#show = show;
    this.#failed = failed;
    this.#every = every;
    this.#around = around;
  }

  /** Asks now, and from now on. */
  start() {
    this.#going = true;
    return this.#next();
  }

  stop() {
    this.#going = false;
    this.#turn++;
    this.#around.clearTimeout(this.#timer);
  }

  async #next() {
    const turn = ++this.#turn;
    this.#around.clearTimeout(this.#timer);
    if (!this.#around.hidden()) {
      try {
        const answer = await this.#ask();
        if (turn === this.#turn) this.#show(answer);
      } catch (error) {
        if (turn === this.#turn) this.#failed(error);
      }
    }
    if (turn === this.#turn && this.#going) {
      this.#timer = this.#around.setTimeout(() => void this.#next(), this.#every);
    }
  }
}
