// @ts-check
import { Refused } from './api.js';
import { listen } from './carriers.js';
import { ClockOffset } from './clock.js';
import { Tally } from './stats.js';

/**
 * @typedef {import('./carriers.js').Kind} Kind
 * @typedef {import('./carriers.js').Surroundings} Surroundings
 * @typedef {import('./api.js').Api} Api
 */

/** In the order of their age. @type {Kind[]} */
export const KINDS = ['polling', 'long', 'sse', 'websocket'];

/** So many round trips before the first message find out about the clocks. */
const TRIPS = 12;

/** How often the server is asked what it has counted, in milliseconds. */
const LOOK = 1_000;

/** One transport of a comparison. */
class Lane {
  tally = new Tally();
  session = '';
  /** @type {'opening' | 'ready' | 'ended' | 'stopped'} */ state = 'opening';
  why = '';
  /** @type {import('./carriers.js').Carrier | null} */ carrier = null;
}

/**
 * The same stream over all four transports at once. Fires `change` when there is something new to
 * show, and `sample` once a second with the seconds since it began.
 */
export class Comparison extends EventTarget {
  #api;
  #around;
  #now;
  #clock = new ClockOffset();
  /** @type {import('./api.js').Run | null} */ #run = null;
  /** @type {'idle' | 'starting' | 'running' | 'stopped'} */ state = 'idle';
  /** Why it did not start, or ended. */
  why = '';
  /** @type {Record<Kind, Lane>} */ lanes = fresh();
  published = 0;
  startedAt = 0;
  /** @type {any} */ #timer = null;
  #generation = 0;

  /**
   * @param {Api} api
   * @param {Surroundings} around
   * @param {() => number} now milliseconds since 1970, with fractions
   */
  constructor(api, around, now) {
    super();
    this.#api = api;
    this.#around = around;
    this.#now = now;
  }

  get clock() {
    return this.#clock;
  }

  get run() {
    return this.#run;
  }

  get seconds() {
    return this.startedAt ? (this.#now() - this.startedAt) / 1000 : 0;
  }

  /** @param {number} rate messages per second @param {number} size bytes of each */
  async start(rate, size) {
    if (this.state === 'starting' || this.state === 'running') return;
    this.#generation += 1;
    const generation = this.#generation;
    this.state = 'starting';
    this.why = '';
    this.lanes = fresh();
    this.published = 0;
    this.#clock = new ClockOffset();
    this.#changed();
    try {
      for (let trip = 0; trip < TRIPS; trip += 1) {
        const asked = this.#now();
        const { at } = await this.#api.time();
        this.#clock.add(asked, at / 1000, this.#now());
      }
      const run = await this.#api.start(rate, size);
      if (generation !== this.#generation) {
        this.#api.stop(run.run).catch(() => {});
        return;
      }
      this.#run = run;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.state = 'idle';
      this.why = error instanceof Refused ? error.message : 'the server cannot be reached';
      this.#changed();
      return;
    }
    this.state = 'running';
    this.startedAt = this.#now();
    for (const kind of KINDS) this.#open(kind, generation);
    this.#changed();
    this.#look(generation);
  }

  /** @param {Kind} kind @param {number} generation */
  #open(kind, generation) {
    const lane = this.lanes[kind];
    const alive = () => generation === this.#generation && lane.state !== 'stopped';
    lane.carrier = listen(
      kind,
      this.#run?.channel ?? null,
      {
        ready: (session) => {
          if (!alive()) return;
          lane.session = session;
          lane.state = 'ready';
          this.#changed();
        },
        message: (data) => {
          if (!alive()) return;
          lane.tally.message(data.n, this.#now() + this.#clock.offset - data.t / 1000);
          this.#changed();
        },
        ended: (why) => {
          if (!alive()) return;
          lane.state = 'ended';
          lane.why = why;
          this.#changed();
        },
      },
      this.#around,
    );
  }

  /** @param {number} generation */
  async #look(generation) {
    const run = this.#run;
    if (!run || generation !== this.#generation || this.state !== 'running') return;
    const lanes = KINDS.map((kind) => this.lanes[kind]).filter((lane) => lane.session);
    try {
      const asked = this.#now();
      const counts = await this.#api.counts(
        run.run,
        lanes.map((lane) => lane.session),
      );
      if (generation !== this.#generation || this.state !== 'running') return;
      this.#clock.add(asked, counts.at / 1000, this.#now());
      this.published = counts.published;
      for (const lane of lanes) {
        const count = counts.sessions.find((one) => one.session === lane.session);
        if (count) lane.tally.counted(count);
      }
      this.dispatchEvent(new CustomEvent('sample', { detail: this.seconds }));
      this.#changed();
    } catch (error) {
      if (generation !== this.#generation || this.state !== 'running') return;
      if (error instanceof Refused && error.status === 404) {
        this.stop('the server has ended the stream: ten minutes are over, or nobody listened');
        return;
      }
      this.why = 'the server does not answer just now';
      this.#changed();
    }
    this.#timer = this.#around.setTimeout(() => this.#look(generation), LOOK);
  }

  /** @param {string} [why] */
  stop(why = '') {
    if (this.state !== 'running' && this.state !== 'starting') return;
    this.#generation += 1;
    this.#around.clearTimeout(this.#timer);
    for (const kind of KINDS) {
      const lane = this.lanes[kind];
      lane.carrier?.stop();
      if (lane.state !== 'ended') lane.state = 'stopped';
    }
    const run = this.#run;
    if (run) this.#api.stop(run.run).catch(() => {}); // it ends by itself when nobody listens
    this.#run = null;
    this.state = this.startedAt ? 'stopped' : 'idle';
    this.why = why;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @returns {Record<Kind, Lane>} */
function fresh() {
  return { polling: new Lane(), long: new Lane(), sse: new Lane(), websocket: new Lane() };
}
