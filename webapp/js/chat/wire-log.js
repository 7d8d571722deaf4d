// @ts-check

/**
 * @typedef {import('./tape.js').WireEvent} WireEvent
 * @typedef {WireEvent & {number: number, bytes: number}} Entry
 *   `number` counts from 1 and is never used twice; `bytes` is the size of the text in UTF-8
 */

const encoder = new TextEncoder();

/** The last frames that went by, oldest first, bounded. While paused it takes nothing in. */
export class WireLog {
  #bound;
  /** @type {Entry[]} */ #entries = [];
  #number = 0;
  #missed = 0;
  #paused = false;

  /** @param {number} [bound] how many entries are kept */
  constructor(bound = 500) {
    this.#bound = bound;
  }

  get entries() {
    return this.#entries;
  }

  get paused() {
    return this.#paused;
  }

  /** How many entries went by unseen in the current pause. */
  get missed() {
    return this.#missed;
  }

  /** @param {WireEvent} event */
  add(event) {
    this.#number += 1;
    if (this.#paused) {
      this.#missed += 1;
      return;
    }
    const bytes = event.bytes ?? encoder.encode(event.text).length;
    this.#entries.push({ ...event, number: this.#number, bytes });
    if (this.#entries.length > this.#bound) this.#entries.shift();
  }

  /** Holds the list still, or lets it go on; what went by in a pause is counted, not shown. */
  togglePause() {
    this.#paused = !this.#paused;
    if (!this.#paused && this.#missed > 0) {
      const skipped = this.#missed;
      this.#missed = 0;
      const at = this.#entries.at(-1)?.at ?? 0;
      this.add({ kind: 'note', at, text: `${skipped} not shown: the list was paused.` });
    }
  }

  clear() {
    this.#entries = [];
    this.#missed = 0;
  }
}

/** @param {string} text a frame @returns {string} indented when it is JSON, else as it is */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
