// @ts-check
import { size } from '../text.js';
import { pretty } from '../wire-log.js';
import { byId, make, reconcile, setText } from './dom.js';

/**
 * @typedef {import('../wire-log.js').WireLog} WireLog
 * @typedef {import('../wire-log.js').Entry} Entry
 */

/** The drawer "What happened on the wire": its frames, and being open or not. */
export class WireView {
  #log;
  #drawer = byId('wire');
  #toggle = byId('wire-toggle');
  #list = byId('frames');
  #pretty = false;
  #opened;

  /** @param {WireLog} log @param {() => void} opened */
  constructor(log, opened) {
    this.#log = log;
    this.#opened = opened;
    this.#toggle.addEventListener('click', () => this.toggle());
    byId('wire-close').addEventListener('click', () => this.close());
    byId('frames-pretty').addEventListener('click', () => {
      this.#pretty = !this.#pretty;
      this.#list.replaceChildren();
      this.render();
    });
    byId('frames-pause').addEventListener('click', () => {
      log.togglePause();
      this.render();
    });
    byId('frames-clear').addEventListener('click', () => {
      log.clear();
      this.render();
    });
  }

  toggle() {
    if (!this.close()) this.#open();
  }

  /** @returns {boolean} whether it was open */
  close() {
    if (this.#drawer.hidden) return false;
    if (this.#drawer.contains(document.activeElement)) this.#toggle.focus();
    this.#drawer.hidden = true;
    this.#toggle.setAttribute('aria-expanded', 'false');
    return true;
  }

  #open() {
    this.#drawer.hidden = false;
    this.#toggle.setAttribute('aria-expanded', 'true');
    this.render();
    this.#opened();
    byId('wire-close').focus();
  }

  render() {
    if (this.#drawer.hidden) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    const atEnd = scrollHeight - scrollTop - clientHeight < 40;
    const { entries, paused, missed } = this.#log;
    reconcile(
      this.#list,
      entries,
      (entry) => String(entry.number),
      (entry) => this.#entry(entry),
    );
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
    byId('frames-pretty').setAttribute('aria-pressed', String(this.#pretty));
    byId('frames-pause').setAttribute('aria-pressed', String(paused));
    setText(byId('frames-pause'), paused ? 'Go on' : 'Pause');
    const frames = entries.filter((entry) => entry.kind !== 'note').length;
    setText(
      byId('frames-count'),
      paused ? `${frames} · paused, ${missed} went by` : String(frames),
    );
  }

  /** @param {Entry} entry */
  #entry({ kind, at, text, bytes }) {
    const time = make('time', {}, precise(at));
    if (kind === 'note') return make('li', { class: 'note' }, time, make('span', {}, text));
    const [sign, word] = kind === 'in' ? ['←', 'received'] : ['→', 'sent'];
    return make(
      'li',
      { class: kind },
      time,
      make('span', { class: 'way', 'aria-hidden': 'true' }, sign),
      make('span', { class: 'sr' }, word),
      make('span', { class: 'bytes' }, size(bytes)),
      make('code', {}, this.#pretty ? pretty(text) : text),
    );
  }
}

/** @param {number} at @returns {string} to the millisecond, local time */
function precise(at) {
  const date = new Date(at);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
