// @ts-check
import { byId } from './dom.js';

/**
 * The two side panels. On wide screens they simply stand there; on narrow ones they are drawers
 * over the room: one at a time, closed by Escape or a tap beside them, out of reach of the keyboard
 * while closed.
 */
export class Panels {
  #backdrop = byId('backdrop');
  #panels = [
    {
      panel: byId('rooms-panel'),
      opener: byId('open-rooms'),
      narrow: matchMedia('(max-width: 760px)'),
    },
    {
      panel: byId('people-panel'),
      opener: byId('open-people'),
      narrow: matchMedia('(max-width: 1080px)'),
    },
  ];

  constructor() {
    for (const one of this.#panels) {
      one.opener.addEventListener('click', () => this.#open(one.panel));
      one.narrow.addEventListener('change', () => this.close());
      one.panel.querySelector('[data-closes]')?.addEventListener('click', () => this.close());
    }
    this.#backdrop.addEventListener('click', () => this.close());
    this.close();
  }

  /** Opens the list of rooms where it is a drawer. */
  openRooms() {
    if (this.#panels[0].narrow.matches) this.#open(this.#panels[0].panel);
  }

  /** Closes whatever drawer is open. @returns {boolean} whether one was */
  close() {
    let closed = false;
    for (const { panel, opener, narrow } of this.#panels) {
      if (panel.classList.contains('open')) {
        closed = true;
        if (panel.contains(document.activeElement)) opener.focus();
      }
      panel.classList.remove('open');
      panel.inert = narrow.matches;
      opener.setAttribute('aria-expanded', 'false');
    }
    this.#backdrop.hidden = true;
    return closed;
  }

  /** @param {HTMLElement} wanted */
  #open(wanted) {
    this.close();
    for (const { panel, opener } of this.#panels) {
      if (panel !== wanted) continue;
      panel.inert = false;
      panel.classList.add('open');
      opener.setAttribute('aria-expanded', 'true');
      this.#backdrop.hidden = false;
      /** @type {HTMLElement | null} */ (panel.querySelector('button, a, input'))?.focus();
    }
  }
}
