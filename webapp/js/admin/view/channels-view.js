// @ts-check
import { byId, make, reconcile, setText } from '../../chat/view/dom.js';
import { digits } from '../../lab/stats.js';

/** @typedef {import('../api.js').Channels} Channels */

/** So many are shown. */
const ROWS = 100;

/** The table of channels; one that is chosen goes into the form below. */
export class ChannelsView {
  #choose;

  /** @param {(channel: string) => void} choose */
  constructor(choose) {
    this.#choose = choose;
  }

  /** @returns {{search: string, limit: number}} */
  get wanted() {
    const search = /** @type {HTMLInputElement} */ (byId('channel-search')).value.trim();
    return { search, limit: ROWS };
  }

  /** @param {Channels} page */
  show(page) {
    setText(byId('channels-error'), '');
    const shown = digits(page.channels.length);
    setText(byId('channels-count'), page.truncated ? `the first ${shown}` : shown);
    const rows = byId('channel-rows');
    reconcile(
      rows,
      page.channels,
      (entry) => entry.channel,
      ({ channel }) => {
        const button = make('button', { type: 'button', class: 'link' }, channel);
        button.addEventListener('click', () => this.#choose(channel));
        return make('tr', {}, make('td', { class: 'user' }, button), make('td', { class: 'number' }));
      },
    );
    page.channels.forEach((entry, i) => setText(rows.children[i].children[1], digits(entry.subscribers)));
  }

  /** @param {string} message */
  failed(message) {
    setText(byId('channels-error'), message);
  }
}
