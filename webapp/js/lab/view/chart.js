// @ts-check
import Plot from '../../../vendor/uplot/uPlot.esm.js';
import { byId } from '../../chat/view/dom.js';
import { KINDS } from '../compare.js';

/** Typed by nobody here. */
const uPlot = /** @type {any} */ (Plot);

const NAMES = { polling: 'Polling', long: 'Long polling', sse: 'SSE', websocket: 'WebSocket' };

/** Told apart by more than their colour. */
const DASHES = { polling: [], long: [8, 4], sse: [2, 4], websocket: [] };

const HEIGHT = 220;

/** Lines over time, one for each transport. */
export class Chart {
  #place;
  #title;
  #format;
  /** @type {(number | null)[][]} seconds, and a list for each transport */ #data = empty();
  /** @type {any} */ #plot = null;

  /** @param {string} id of its place @param {string} title @param {(value: number) => string} format */
  constructor(id, title, format) {
    this.#place = byId(id);
    this.#title = title;
    this.#format = format;
    new ResizeObserver(() => {
      const width = this.#place.clientWidth;
      if (this.#plot && width > 0 && width !== this.#plot.width) {
        this.#plot.setSize({ width, height: HEIGHT });
      }
    }).observe(this.#place);
    this.#draw();
  }

  clear() {
    this.#data = empty();
    this.#plot.setData(this.#data);
  }

  /** @param {number} seconds @param {(number | null)[]} values in the order of the transports */
  add(seconds, values) {
    this.#data[0].push(seconds);
    values.forEach((value, i) => this.#data[i + 1].push(value));
    this.#plot.setData(this.#data);
  }

  /** Draws anew, after the colours of the page have changed. */
  recolour() {
    this.#draw();
  }

  #draw() {
    this.#plot?.destroy();
    const style = getComputedStyle(this.#place);
    const colour = (/** @type {string} */ name) => resolved(style, name, this.#place);
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    this.#plot = new uPlot(
      {
        width: Math.max(200, this.#place.clientWidth),
        height: HEIGHT,
        title: this.#title,
        scales: { x: { time: false }, y: { range: span } },
        cursor: { points: { size: 7 }, drag: { x: false, y: false } },
        legend: { live: true },
        axes: [
          { ...axis, values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((s) => `${s} s`) },
          {
            ...axis,
            size: 64,
            values: (/** @type {any} */ _, /** @type {number[]} */ at) =>
              at.map((value) => this.#format(value)),
          },
        ],
        series: [
          { label: 'after', value: (/** @type {any} */ _, /** @type {number | null} */ s) => (s === null ? '' : `${s.toFixed(0)} s`) },
          ...KINDS.map((kind) => ({
            label: NAMES[kind],
            stroke: colour(`--${kind}`),
            width: kind === 'websocket' ? 3 : 2,
            dash: DASHES[kind],
            spanGaps: true,
            points: { show: false },
            value: (/** @type {any} */ _, /** @type {number | null} */ value) =>
              value === null || value === undefined ? '–' : this.#format(value),
          })),
        ],
      },
      this.#data,
      this.#place,
    );
  }
}

/** From nothing to a little above the largest. @param {any} _ @param {number} __ @param {number | null} most */
function span(_, __, most) {
  return [0, most === null || most <= 0 ? 1 : most * 1.08];
}

/** @returns {(number | null)[][]} */
function empty() {
  return [[], ...KINDS.map(() => [])];
}

/**
 * The colour that a property stands for: `light-dark()` is resolved only where it is used.
 *
 * @param {CSSStyleDeclaration} style @param {string} name @param {HTMLElement} place
 */
function resolved(style, name, place) {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour || style.color;
}
