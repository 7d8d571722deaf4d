// @ts-check
import { byId, setText } from './dom.js';

/** @typedef {import('../remembered.js').Remembered} Remembered */

const ORDER = ['', 'light', 'dark'];
const NAMES = /** @type {Record<string, string>} */ ({ '': 'Auto', light: 'Light', dark: 'Dark' });

/** The toggle between the system's choice, light and dark. */
export class Theme {
  #remembered;
  #button = byId('theme');
  #theme;

  /** @param {Remembered} remembered */
  constructor(remembered) {
    this.#remembered = remembered;
    const kept = remembered.text('theme');
    this.#theme = ORDER.includes(kept) ? kept : '';
    this.#button.addEventListener('click', () => this.#next());
    this.#show();
  }

  #next() {
    this.#theme = ORDER[(ORDER.indexOf(this.#theme) + 1) % ORDER.length];
    this.#remembered.keep('theme', this.#theme);
    this.#show();
  }

  #show() {
    if (this.#theme) document.documentElement.dataset.theme = this.#theme;
    else delete document.documentElement.dataset.theme;
    setText(byId('theme-name'), NAMES[this.#theme]);
    this.#button.setAttribute('aria-label', `Colours: ${NAMES[this.#theme]}. Change`);
  }
}
