// @ts-check
import { byId, make, setText } from '../../chat/view/dom.js';
import { bytes, digits } from '../../lab/stats.js';
import { age } from '../rates.js';

/**
 * @typedef {import('../api.js').Session} Session
 * @typedef {import('../api.js').Sessions} Sessions
 * @typedef {{row: HTMLTableRowElement, button: HTMLButtonElement, cells: HTMLElement[], session: string}} Row
 */

/** So many rows are shown: who looks for one among thousands searches or sorts. */
export const ROWS = 100;

/** @type {[string, (session: Session, now: number) => string][]} a class, and what stands there */
const CELLS = [
  ['user', (session) => session.user],
  ['', (session) => session.name ?? ''],
  ['', (session) => `${session.transport} · ${session.subprotocol}`],
  ['', (session) => session.address],
  ['', (session, now) => age(now - Date.parse(session.since))],
  ['number', (session) => (session.queuedBytes === 0 ? '–' : bytes(session.queuedBytes))],
  ['number', (session) => digits(session.messagesIn)],
  ['number', (session) => digits(session.messagesOut)],
  ['number', (session) => digits(session.channels.length)],
];

/**
 * The table of connections. Rows are kept and rewritten in place, never more than {@link ROWS}, so
 * that ten thousand connections cost the browser what a hundred do.
 */
export class ConnectionsView {
  #body = byId('connection-rows');
  #open;
  /** @type {Row[]} */ #rows = [];

  /** @param {(session: string) => void} open called with the one that was chosen */
  constructor(open) {
    this.#open = open;
  }

  /** @returns {{search: string, sort: string, transport: string, limit: number}} */
  get wanted() {
    const value = (/** @type {string} */ id) =>
      /** @type {HTMLInputElement | HTMLSelectElement} */ (byId(id)).value.trim();
    return { search: value('search'), sort: value('sort'), transport: value('over'), limit: ROWS };
  }

  /** @param {Sessions} page @param {number} now of the server's clock */
  show(page, now) {
    setText(byId('connections-error'), '');
    const shown = page.sessions.length;
    setText(
      byId('connections-count'),
      page.truncated ? `${digits(shown)} of ${digits(page.matching)}` : digits(page.matching),
    );
    while (this.#rows.length < shown) this.#add();
    while (this.#rows.length > shown) this.#rows.pop()?.row.remove();
    page.sessions.forEach((session, i) => this.#fill(this.#rows[i], session, now));
  }

  /** @param {string} message */
  failed(message) {
    setText(byId('connections-error'), message);
  }

  #add() {
    const button = make('button', { type: 'button', class: 'link' });
    const cells = CELLS.map(([kind]) => make('td', { class: kind }));
    cells[0].append(button);
    const row = make('tr', {}, ...cells);
    const entry = { row, button, cells, session: '' };
    button.addEventListener('click', () => this.#open(entry.session));
    this.#body.append(row);
    this.#rows.push(entry);
  }

  /** @param {Row} entry @param {Session} session @param {number} now */
  #fill(entry, session, now) {
    entry.session = session.session;
    entry.row.classList.toggle('waits', session.queuedBytes > 0);
    CELLS.forEach(([, value], i) => {
      setText(i === 0 ? entry.button : entry.cells[i], value(session, now));
    });
  }
}
