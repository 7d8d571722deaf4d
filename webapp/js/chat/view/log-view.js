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
/** This close to the beginning (px), more of the past is fetched. */
const NEAR_START = 500;

/**
 * The messages of the open room. It follows the end only while the reader is there, and what the
 * reader looks at stays where it is while older messages come in above.
 */
export class LogView {
  #chat;
  #deeds;
  #log = byId('log');
  #pill = byId('pill');
  /** @type {string | null} */ #shown = null;
  #atEnd = true;
  #below = 0;
  #lastKey = '';
  #entered = false;

  /** @param {Chat} chat @param {Deeds} deeds */
  constructor(chat, deeds) {
    this.#chat = chat;
    this.#deeds = deeds;
    this.#log.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    // An image has its height only when it is there.
    this.#log.addEventListener('load', () => this.#atEnd && this.#jump(), true);
    this.#pill.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.#atEnd && this.#jump()).observe(this.#log);
  }

  render() {
    const { room } = this.#chat;
    const switched = this.#shown !== this.#chat.active;
    if (switched) {
      this.#shown = this.#chat.active;
      this.#log.replaceChildren();
      this.#atEnd = true;
      this.#below = 0;
      this.#lastKey = '';
      this.#entered = false;
    }
    const own = (/** @type {string} */ user) => this.#chat.isMine(user);
    const online = this.#chat.link.kind === 'online';
    const rows = room ? rowsOf(room, { own, now: Date.now(), online }) : [];
    // A room is entered when its newest messages are here: they begin at the first unread one.
    const entering = !this.#entered && room?.timeline.oldest !== Infinity;
    if (entering) this.#entered = true;
    // The past is no news: a screen reader hears only what comes after it.
    const quiet = switched || entering || room?.older === 'loading';
    this.#log.setAttribute('aria-live', quiet ? 'off' : 'polite');
    this.#log.setAttribute('aria-busy', String(room?.older === 'loading'));
    this.#countBelow(rows);
    const stay = this.#atEnd ? null : this.#anchor();
    reconcile(
      this.#log,
      rows,
      (row) => row.key,
      (row) => rowElement(row, this.#deeds),
    );
    stay?.();
    if (this.#atEnd) this.#jump(switched || entering);
    if (room) room.following = this.#atEnd;
    this.#showPill();
    this.#lookBack();
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

  /** Remembers what the reader looks at. @returns {() => void} puts it where it was */
  #anchor() {
    const { top } = this.#log.getBoundingClientRect();
    // Other rows change their size and their words.
    const seen = [...this.#log.querySelectorAll('.message')]
      .map((row) => ({ row, at: row.getBoundingClientRect() }))
      .filter(({ at }) => at.bottom > top)
      .slice(0, 20);
    return () => {
      const still = seen.find(({ row }) => row.isConnected);
      if (!still) return;
      const moved = still.row.getBoundingClientRect().top - still.at.top;
      if (moved !== 0) this.#log.scrollTop += moved;
    };
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
      // It may be far above: then the reader is not at the end.
      this.#measure();
    } else {
      this.#log.scrollTop = this.#log.scrollHeight;
    }
  }

  #measure() {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#atEnd) this.#below = 0;
  }

  #scrolled() {
    this.#measure();
    if (this.#chat.room) this.#chat.room.following = this.#atEnd;
    this.#showPill();
    this.#lookBack();
  }

  #lookBack() {
    const { room } = this.#chat;
    if (!room || room.older !== 'idle' || this.#log.scrollTop > NEAR_START) return;
    // Where all of it fits on the screen, nobody can scroll to ask for more.
    if (this.#chat.link.kind === 'online') room.loadOlder();
  }

  #showPill() {
    this.#pill.hidden = this.#atEnd;
    this.#pill.classList.toggle('calm', this.#below === 0);
    const count = this.#below;
    const news = count === 1 ? '1 new message' : `${count} new messages`;
    setText(byId('pill-text'), count > 0 ? news : 'To the newest');
  }
}
