// @ts-check
import { byId, make, setText } from '../../chat/view/dom.js';
import { bytes, digits } from '../../lab/stats.js';
import { Chart } from '../../lab/view/chart.js';
import { Rates, age, rate } from '../rates.js';

/** @typedef {import('../api.js').Report} Report */

/** So many points are drawn: ten minutes. */
const KEEP = 600;

/** @type {[string, string, (report: Report) => string][]} */
const TILES = [
  ['Connections', '', (report) => digits(report.connections)],
  ['By', '', (report) => transports(report.sessions)],
  ['Channels', 'with somebody listening', (report) => digits(report.channels)],
  ['Waiting', 'for slow readers, of what may', (report) => `${bytes(report.queuedBytes)} of ${bytes(report.queueLimit)}`],
  ['Published', 'since the start', (report) => digits(report.published)],
  ['Heap', '', (report) => `${bytes(report.heap.used)} of ${bytes(report.heap.max)}`],
  ['Up', '', (report) => age(Date.parse(report.at) - Date.parse(report.since))],
];

/** The numbers of the node, and two charts of the last minutes. */
export class NodeView {
  #rates = new Rates();
  #traffic;
  #latency;
  #tiles;
  /** @type {Report | null} */ report = null;

  constructor() {
    this.#traffic = new Chart(
      'chart-rates',
      'Messages per second',
      rate,
      [
        { label: 'to clients', colour: '--websocket', width: 2.5 },
        { label: 'from clients', colour: '--long', dash: [8, 4] },
        { label: 'published', colour: '--sse', dash: [2, 4] },
      ],
      { time: true, keep: KEEP, height: 200 },
    );
    this.#latency = new Chart(
      'chart-latency',
      'From a publication to its connections, milliseconds',
      (value) => value.toFixed(value < 10 ? 2 : 0),
      [
        { label: '99 of 100 within', colour: '--polling', width: 2.5 },
        { label: 'half of them within', colour: '--websocket', dash: [8, 4] },
      ],
      { time: true, keep: KEEP, height: 200 },
    );
    this.#tiles = TILES.map(([name, how, value]) => {
      const shown = make('dd');
      byId('tiles').append(make('div', {}, make('dt', { title: how }, name), shown));
      return { shown, value };
    });
  }

  /** @param {Report} report */
  show(report) {
    this.report = report;
    setText(byId('node-name'), report.node);
    const state = byId('node-state');
    setText(
      state,
      report.draining
        ? 'Draining: nobody new is let in'
        : report.engine
          ? 'Ready'
          : 'The engine is away: nothing can be published',
    );
    state.dataset.state = report.draining ? 'draining' : report.engine ? 'ready' : 'away';
    setText(byId('drain'), report.draining ? 'End the draining' : 'Drain this node…');
    for (const { shown, value } of this.#tiles) setText(shown, value(report));
    const rates = this.#rates.add(report);
    if (rates === null) return;
    this.#traffic.add(rates.seconds, [rates.out, rates.in, rates.published]);
    const { count, p50, p99 } = report.latency;
    this.#latency.add(rates.seconds, count === 0 ? [null, null] : [p99 / 1000, p50 / 1000]);
  }

  recolour() {
    this.#traffic.recolour();
    this.#latency.recolour();
  }
}

/** @param {Record<string, number>} sessions */
function transports(sessions) {
  const each = Object.entries(sessions).sort(([, a], [, b]) => b - a);
  return each.length === 0 ? 'none' : each.map(([name, count]) => `${name} ${digits(count)}`).join(', ');
}
