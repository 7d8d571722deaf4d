// @ts-check
import Plot from '../../../vendor/uplot/uPlot.esm.js';
import { byId } from '../../chat/view/dom.js';

/** Typed by nobody here. */
const uPlot = /** @type {any} */ (Plot);

const HEIGHT = 220;

/**
 * @typedef {{label: string, colour: string, width?: number, dash?: number[]}} Line `colour` is the
 *   name of a property of the page
 * @typedef {{height?: number, time?: boolean, keep?: number}} Options `time` where the numbers along
 *   are seconds since 1970, `keep` so many points at most
 */

/** Lines over time. */
export class Chart {
  #place;
  #title;
  #format;
  #lines;
  #options;
  /** @type {(number | null)[][]} seconds, and a list for each line */ #data;
  /** @type {any} */ #plot = null;

  /**
   * @param {string} id of its place @param {string} title @param {(value: number) => string} format
   * @param {Line[]} lines @param {Options} [options]
   */
  constructor(id, title, format, lines, options = {}) {
    this.#place = byId(id);
    this.#title = title;
    this.#format = format;
    this.#lines = lines;
    this.#options = options;
    this.#data = this.#empty();
    new ResizeObserver(() => {
      const width = this.#place.clientWidth;
      if (this.#plot && width > 0 && width !== this.#plot.width) {
        this.#plot.setSize({ width, height: options.height ?? HEIGHT });
      }
    }).observe(this.#place);
    this.#draw();
  }

  clear() {
    this.#data = this.#empty();
    this.#plot.setData(this.#data);
  }

  #empty() {
    return [[], ...this.#lines.map(() => [])];
  }

  /** @param {number} seconds @param {(number | null)[]} values in the order of the lines */
  add(seconds, values) {
    [seconds, ...values].forEach((value, i) => {
      this.#data[i].push(value);
      if (this.#data[i].length > (this.#options.keep ?? Infinity)) this.#data[i].shift();
    });
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
        height: this.#options.height ?? HEIGHT,
        title: this.#title,
        scales: { x: { time: this.#options.time ?? false }, y: { range: span } },
        cursor: { points: { size: 7 }, drag: { x: false, y: false } },
        legend: { live: true },
        axes: [
          this.#options.time
            ? axis
            : { ...axis, values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((s) => `${s} s`) },
          {
            ...axis,
            size: 64,
            values: (/** @type {any} */ _, /** @type {number[]} */ at) =>
              at.map((value) => this.#format(value)),
          },
        ],
        series: [
          this.#options.time
            ? { label: 'at', value: (/** @type {any} */ _, /** @type {number | null} */ s) => (s ? new Date(s * 1000).toLocaleTimeString() : '') }
            : { label: 'after', value: (/** @type {any} */ _, /** @type {number | null} */ s) => (s === null ? '' : `${s.toFixed(0)} s`) },
          ...this.#lines.map((line) => ({
            label: line.label,
            stroke: colour(line.colour),
            width: line.width ?? 2,
            dash: line.dash ?? [],
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
