// @ts-check
import { rowsOf } from '../rows.js';
import { byId, reconcile, setText } from './dom.js';
import { rowElement } from './message-view.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('./message-view.js').Deeds} Deeds
 */

/** This close to the end (px) counts as reading along. */
const NEAR_END = 60;

/** The messages of the open room. It follows the end only while the reader is there. */
export class LogView {
  #chat;
  #deeds;
  #log = byId('log');
  #pill = byId('pill');
  /** @type {string | null} */ #shown = null;
  #atEnd = true;
  #below = 0;
  #lastKey = '';

  /** @param {Chat} chat @param {Deeds} deeds */
  constructor(chat, deeds) {
    this.#chat = chat;
    this.#deeds = deeds;
    this.#log.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#pill.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.#atEnd && this.#jump()).observe(this.#log);
  }

  render() {
    const room = this.#chat.room;
    const switched = this.#shown !== this.#chat.active;
    if (switched) {
      this.#shown = this.#chat.active;
      this.#log.replaceChildren();
      this.#atEnd = true;
      this.#below = 0;
      this.#lastKey = '';
    }
    // What was said before is not news: a screen reader hears only what comes after the switch.
    this.#log.setAttribute('aria-live', switched ? 'off' : 'polite');
    const own = (/** @type {{user: string}} */ said) => this.#chat.isMine(said);
    const rows = room ? rowsOf(room, { own, now: Date.now() }) : [];
    this.#countBelow(rows);
    reconcile(
      this.#log,
      rows,
      (row) => row.key,
      (row) => rowElement(row, this.#deeds),
    );
    if (this.#atEnd) this.#jump(switched);
    this.#showPill();
  }

  toEnd() {
    this.#atEnd = true;
    this.#jump();
    this.#below = 0;
    this.#showPill();
    this.#log.focus({ preventScroll: true });
  }

  /** Our own message is where we want to be, wherever we were reading. */
  follow() {
    this.#atEnd = true;
    this.#below = 0;
  }

  /** @param {import('../rows.js').Row[]} rows */
  #countBelow(rows) {
    const said = rows.filter((row) => row.kind === 'said' || row.kind === 'push');
    if (!this.#atEnd) {
      const known = said.findIndex((row) => row.key === this.#lastKey);
      if (known >= 0) this.#below += said.length - 1 - known;
    }
    this.#lastKey = said.at(-1)?.key ?? '';
  }

  /** @param {boolean} [switched] a room just opened: its first unread message is where to start */
  #jump(switched = false) {
    const line = switched ? this.#log.querySelector('.row.new') : null;
    if (line && this.#log.scrollHeight > this.#log.clientHeight) {
      line.scrollIntoView({ block: 'center' });
    } else {
      this.#log.scrollTop = this.#log.scrollHeight;
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#atEnd) this.#below = 0;
    this.#showPill();
  }

  #showPill() {
    this.#pill.hidden = this.#atEnd;
    this.#pill.classList.toggle('calm', this.#below === 0);
    const count = this.#below;
    const news = count === 1 ? '1 new message' : `${count} new messages`;
    setText(byId('pill-text'), count > 0 ? news : 'To the newest');
  }
}
