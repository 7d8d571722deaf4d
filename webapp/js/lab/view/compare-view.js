// @ts-check
import { byId, make, setText } from '../../chat/view/dom.js';
import { KINDS } from '../compare.js';
import { bytes, digits, micros, millis } from '../stats.js';
import { Chart } from './chart.js';

/**
 * @typedef {import('../compare.js').Comparison} Comparison
 * @typedef {import('../carriers.js').Kind} Kind
 */

/** @type {Record<Kind, {name: string, how: string}>} */
const WORDS = {
  polling: { name: 'Polling', how: 'asks once a second whether there is anything' },
  long: { name: 'Long polling', how: 'asks, and the server answers when there is something' },
  sse: { name: 'SSE', how: 'asks once, and the answer never ends' },
  websocket: { name: 'WebSocket', how: 'asks to change the language, and both may speak' },
};

/** In the charts; told apart by more than their colour. @type {Record<Kind, number[]>} */
const DASHES = { polling: [], long: [8, 4], sse: [2, 4], websocket: [] };

const LINES = KINDS.map((kind) => ({
  label: WORDS[kind].name,
  colour: `--${kind}`,
  width: kind === 'websocket' ? 3 : 2,
  dash: DASHES[kind],
}));

/** The rows of the table: a title, what it means, and the value of a lane. */
/** @type {[string, string, (lane: import('../compare.js').Comparison['lanes'][Kind]) => string][]} */
const ROWS = [
  ['Messages', 'heard by this page', ({ tally }) => digits(tally.messages)],
  ['Lost or twice', 'by their numbers', ({ tally }) => `${tally.missing} · ${tally.twice}`],
  [
    'Requests',
    'since it was ready, as counted by the server',
    ({ tally }) => digits(tally.running?.requests ?? NaN),
  ],
  [
    'Bytes to the server',
    'since it was ready, headers included',
    ({ tally }) => bytes(tally.running?.received ?? NaN),
  ],
  [
    'Bytes from the server',
    'since it was ready, headers included',
    ({ tally }) => bytes(tally.running?.sent ?? NaN),
  ],
  [
    'To get ready',
    'handshake or session, and what came before the first count',
    ({ tally }) => bytes(tally.setup ? tally.setup.received + tally.setup.sent : NaN),
  ],
  ['Latency, median', 'publication to this page', ({ tally }) => millis(tally.latency(0.5))],
  ['Latency, 95 of 100', 'are quicker', ({ tally }) => millis(tally.latency(0.95))],
  ['Latency, 99 of 100', 'are quicker', ({ tally }) => millis(tally.latency(0.99))],
  [
    'Server time',
    'since it was ready',
    ({ tally }) => micros(tally.running?.used ?? NaN),
  ],
];

/** The comparison: a form, four cards, a table and three charts. */
export class CompareView {
  #comparison;
  #form = /** @type {HTMLFormElement} */ (byId('compare-form'));
  #button = byId('compare-start');
  #status = byId('compare-status');
  #cards = new Map(KINDS.map((kind) => [kind, new Card(kind)]));
  #cells = /** @type {Map<string, HTMLElement>} */ (new Map());
  /** @type {Chart[]} */ #charts;
  #due = false;
  #forbidden = false;
  /** How many messages had been heard at the last sample. @type {Map<Kind, number>} */
  #heard = new Map();

  /** @param {Comparison} comparison */
  constructor(comparison) {
    this.#comparison = comparison;
    byId('compare-cards').append(...[...this.#cards.values()].map((card) => card.element));
    this.#table();
    this.#charts = [
      new Chart('chart-bytes', 'Bytes on the wire, both ways', bytes, LINES),
      new Chart('chart-requests', 'Requests', (value) => digits(value), LINES),
      new Chart('chart-latency', 'Latency, median of the last second', millis, LINES),
    ];
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (comparison.state === 'running' || comparison.state === 'starting') comparison.stop();
      else this.#start();
    });
    comparison.addEventListener('change', () => this.#soon());
    comparison.addEventListener('sample', (event) =>
      this.#sample(/** @type {CustomEvent<number>} */ (event).detail),
    );
    this.#render();
  }

  /** @param {import('../api.js').Info} info */
  allow(info) {
    setText(
      byId('measure'),
      info.measure === 'cpu'
        ? 'processor time of the server’s threads'
        : 'elapsed time in the server’s threads (this JVM does not tell processor time)',
    );
  }

  forbid() {
    this.#forbidden = true;
    this.#render();
  }

  recolour() {
    for (const chart of this.#charts) chart.recolour();
  }

  #start() {
    const values = new FormData(this.#form);
    for (const chart of this.#charts) chart.clear();
    for (const lane of KINDS) this.#heard.set(lane, 0);
    this.#comparison.start(Number(values.get('rate')), Number(values.get('size')));
  }

  /** @param {number} seconds */
  #sample(seconds) {
    const { lanes } = this.#comparison;
    const [wire, requests, latency] = this.#charts;
    wire.add(
      seconds,
      KINDS.map((kind) => {
        const { count } = lanes[kind].tally;
        return count ? count.received + count.sent : null;
      }),
    );
    requests.add(
      seconds,
      KINDS.map((kind) => lanes[kind].tally.count?.requests ?? null),
    );
    latency.add(
      seconds,
      KINDS.map((kind) => {
        const { tally } = lanes[kind];
        const before = this.#heard.get(kind) ?? 0;
        this.#heard.set(kind, tally.messages);
        const fresh = tally.latencies.slice(-Math.max(0, tally.messages - before));
        if (tally.messages === before) return null;
        fresh.sort((a, b) => a - b);
        return Math.max(0.05, fresh[(fresh.length - 1) >> 1]);
      }),
    );
  }

  #soon() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#render();
    });
  }

  #render() {
    const { state, lanes, why, clock, run, published } = this.#comparison;
    const going = state === 'running' || state === 'starting';
    setText(this.#button, going ? 'Stop' : state === 'stopped' ? 'Start again' : 'Start');
    this.#button.classList.toggle('stop', going);
    /** @type {HTMLButtonElement} */ (this.#button).disabled = this.#forbidden;
    for (const field of this.#form.querySelectorAll('input')) field.disabled = going;
    byId('compare').dataset.state = state;
    setText(
      this.#status,
      why ||
        {
          idle: 'Nothing runs yet. What you see after Start is measured between this browser and this server, now.',
          starting: 'Comparing the clocks…',
          running: `Running: ${published} published on ${run?.channel ?? ''}.`,
          stopped: `Stopped after ${digits(this.#comparison.seconds)} s.`,
        }[state],
    );
    setText(
      byId('clock'),
      clock.isKnown
        ? `The server’s clock is ${millis(Math.abs(clock.offset))} ${clock.offset < 0 ? 'behind' : 'ahead of'} this browser’s, give or take ${millis(clock.error)}; latencies are corrected by that.`
        : 'The two clocks are compared by round trips at the start: the quickest tells by how much they differ, to half of its duration.',
    );
    const most = Math.max(...KINDS.map((kind) => lanes[kind].tally.each?.bytes ?? 0));
    for (const kind of KINDS) {
      const card = this.#cards.get(kind);
      card?.show(lanes[kind], most);
      for (const [title, , value] of ROWS) {
        const cell = this.#cells.get(`${kind} ${title}`);
        if (cell) setText(cell, value(lanes[kind]));
      }
    }
    this.#conclude();
  }

  /** The sentence that the numbers make. */
  #conclude() {
    const { lanes } = this.#comparison;
    const polling = lanes.polling.tally.each;
    const websocket = lanes.websocket.tally.each;
    const place = byId('conclusion');
    if (!polling || !websocket || lanes.websocket.tally.messages < 5) {
      place.hidden = true;
      return;
    }
    place.hidden = false;
    const factor = polling.bytes / websocket.bytes;
    const later = lanes.polling.tally.latency(0.5) / Math.max(0.1, lanes.websocket.tally.latency(0.5));
    setText(
      place,
      `Here and now a message costs ${bytes(websocket.bytes)} by WebSocket and ${bytes(polling.bytes)} by polling, ` +
        `${digits(factor)} times as much` +
        (later > 1.5 ? `, and comes ${digits(later)} times as late.` : '.'),
    );
  }

  #table() {
    const body = byId('compare-rows');
    for (const [title, note] of ROWS) {
      const row = make(
        'tr',
        {},
        make('th', { scope: 'row' }, title, make('small', {}, note)),
      );
      for (const kind of KINDS) {
        const cell = make('td', {}, '–');
        this.#cells.set(`${kind} ${title}`, cell);
        row.append(cell);
      }
      body.append(row);
    }
  }
}

/** One transport at a glance. */
class Card {
  #state = make('p', { class: 'lane-state' });
  #bytes = make('strong', {}, '–');
  #facts = { requests: make('dd', {}, '–'), latency: make('dd', {}, '–'), used: make('dd', {}, '–') };
  #bar = make('i', { class: 'bar-fill' });

  /** @param {Kind} kind */
  constructor(kind) {
    this.element = make(
      'li',
      { class: `lane ${kind}` },
      make('h3', {}, WORDS[kind].name),
      make('p', { class: 'how' }, WORDS[kind].how),
      make('p', { class: 'big' }, this.#bytes, make('span', {}, 'on the wire per message')),
      make('div', { class: 'bar', 'aria-hidden': 'true' }, this.#bar),
      make(
        'dl',
        {},
        make('dt', {}, 'requests per message'),
        this.#facts.requests,
        make('dt', {}, 'latency, median · 99 of 100'),
        this.#facts.latency,
        make('dt', {}, 'server time per message'),
        this.#facts.used,
      ),
      this.#state,
    );
    this.element.dataset.kind = kind;
  }

  /**
   * @param {import('../compare.js').Comparison['lanes'][Kind]} lane
   * @param {number} most bytes per message of the dearest
   */
  show({ tally, state, why }, most) {
    const { each } = tally;
    setText(this.#bytes, each ? bytes(each.bytes) : '–');
    setText(this.#facts.requests, each ? digits(each.requests) : '–');
    setText(
      this.#facts.latency,
      tally.messages ? `${millis(tally.latency(0.5))} · ${millis(tally.latency(0.99))}` : '–',
    );
    setText(this.#facts.used, each ? micros(each.used) : '–');
    this.#bar.style.setProperty('--part', String(each && most ? each.bytes / most : 0));
    this.element.dataset.state = state;
    setText(
      this.#state,
      {
        opening: '',
        ready: `${digits(tally.messages)} messages`,
        ended: `Ended: ${why}`,
        stopped: tally.messages ? `${digits(tally.messages)} messages` : '',
      }[state],
    );
  }
}
