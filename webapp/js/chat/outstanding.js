// @ts-check

/**
 * @typedef {'join' | 'leave' | 'say' | 'who' | 'handshake'} Kind
 * @typedef {{kind: Kind, room: string, key: string}} Asked
 *   `key` names the pending message of a `say`, else ''
 */

/** Which commands an error code can be about. @type {Map<string, Kind[]>} */
const FITS = new Map([
  ['unknown-type', ['handshake']],
  ['not-joined', ['say', 'who', 'leave']],
  ['unknown-channel', ['join']],
  ['already-subscribed', ['join']],
  ['too-large', ['say', 'join']],
]);

// The question for the handshake is understood or not; it cannot go wrong in another way.
/** @type {Kind[]} */
const ANY = ['join', 'leave', 'say', 'who'];

/**
 * The commands that wait for their answer, oldest first. `chat` has no command ids; the server
 * answers in order, so an error belongs to the oldest command that it can be about.
 */
export class Outstanding {
  /** @type {Asked[]} */ #asked = [];

  /** @param {Kind} kind @param {string} [room] @param {string} [key] */
  asked(kind, room = '', key = '') {
    this.#asked.push({ kind, room, key });
  }

  /** @param {Kind} kind @param {string} [room] @param {string} [key] any when '' */
  answered(kind, room = '', key = '') {
    const index = this.#asked.findIndex(
      (one) => one.kind === kind && one.room === room && (key === '' || one.key === key),
    );
    if (index >= 0) this.#asked.splice(index, 1);
  }

  /** @param {string} code @returns {Asked | null} the command that failed, no longer waiting */
  blame(code) {
    const fits = FITS.get(code) ?? ANY;
    const index = this.#asked.findIndex((one) => fits.includes(one.kind));
    return index < 0 ? null : this.#asked.splice(index, 1)[0];
  }

  /** The connection is gone: nothing will be answered. */
  clear() {
    this.#asked = [];
  }
}
