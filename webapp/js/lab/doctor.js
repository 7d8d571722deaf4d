// @ts-check
import { judge, needed, seconds } from './advice.js';
import { listen, socketUrl, WAIT } from './carriers.js';

/**
 * @typedef {import('./advice.js').Findings} Findings
 * @typedef {import('./carriers.js').Surroundings} Surroundings
 * @typedef {import('./api.js').Api} Api
 * @typedef {'waiting' | 'running' | 'good' | 'warn' | 'bad' | 'stopped'} State
 * @typedef {{id: Check, title: string, state: State, text: string, part: number}} Step part is
 *   how far it is, from 0 to 1
 * @typedef {'seen' | 'upgrade' | 'subprotocol' | 'stream' | 'poll' | 'quiet' | 'lively'} Check
 */

/** @type {Record<Check, string>} */
const TITLES = {
  seen: 'How requests reach the server',
  upgrade: 'Does the upgrade to WebSocket pass?',
  subprotocol: 'Is the subprotocol kept?',
  stream: 'Do Server-Sent Events flow, or are they buffered?',
  poll: 'Does a long poll survive its wait?',
  quiet: 'How long may a WebSocket be quiet?',
  lively: 'And one with heartbeats?',
};

const OPEN_WITHIN = 10_000;
const EVENTS = { rate: 5, seconds: 4 };

/** Examines the path between this browser and the server. Fires `change`. */
export class Doctor extends EventTarget {
  #api;
  #around;
  #now;
  /** @type {Step[]} */ steps = [];
  /** @type {Findings} */ found;
  /** @type {'idle' | 'running' | 'done'} */ state = 'idle';
  #page;
  /** @type {Set<() => void>} what to do when it is stopped */ #ends = new Set();
  #stopped = false;
  #pass = 0;
  /** Of the server, in seconds. */ heartbeat = { interval: 25, timeout: 10 };

  /**
   * @param {Api} api
   * @param {Surroundings} around
   * @param {() => number} now milliseconds of a clock that is never set
   */
  constructor(api, around, now) {
    super();
    this.#api = api;
    this.#around = around;
    this.#now = now;
    const { protocol, host } = new URL(around.page);
    this.#page = { scheme: protocol.replace(':', ''), host };
    this.found = { page: this.#page, heartbeat: this.heartbeat };
    this.#reset();
  }

  #reset() {
    this.steps = /** @type {Check[]} */ (Object.keys(TITLES)).map((id) => ({
      id,
      title: TITLES[id],
      state: 'waiting',
      text: '',
      part: 0,
    }));
    this.found = { page: this.#page, heartbeat: this.heartbeat };
  }

  /** @param {number} quiet for how many seconds to be quiet, at most */
  async examine(quiet) {
    if (this.state === 'running') return;
    this.#pass += 1;
    const pass = this.#pass;
    this.state = 'running';
    this.#stopped = false;
    this.#reset();
    this.#changed();
    await this.#seen();
    await this.#upgrade();
    if (!this.#stopped) {
      const open = this.found.upgrade?.ok;
      await Promise.all([
        this.#stream(),
        this.#poll(),
        open ? this.#quiet(quiet) : this.#skip('quiet'),
        open ? this.#lively(quiet) : this.#skip('lively'),
      ]);
    }
    if (pass !== this.#pass) return;
    this.state = 'done';
    this.#changed();
  }

  stop() {
    if (this.state !== 'running') return;
    this.#stopped = true;
    for (const end of [...this.#ends]) end();
    this.#ends.clear();
    for (const step of this.steps) {
      if (step.state === 'waiting' || step.state === 'running') {
        this.#set(step.id, 'stopped', step.text || 'Not tested.');
      }
    }
    this.state = 'done';
    this.#pass += 1;
    this.#changed();
  }

  async #seen() {
    this.#set('seen', 'running', '');
    try {
      const seen = await this.#api.seen();
      this.found.seen = seen;
      const same = seen.host.toLowerCase() === this.#page.host.toLowerCase();
      const proxies = Object.keys(seen.forwarding).length;
      this.#set(
        'seen',
        same ? 'good' : 'bad',
        `As ${seen.protocol} from ${seen.client ?? seen.address}, for ${seen.scheme}://${seen.host}. ` +
          (proxies
            ? `Proxies say of themselves: ${Object.entries(seen.forwarding)
                .map(([name, value]) => `${name}: ${value}`)
                .join('; ')}.`
            : 'No proxy says that it is there.'),
      );
    } catch (error) {
      this.#set('seen', 'bad', `The server did not say: ${message(error)}.`);
    }
  }

  async #upgrade() {
    this.#set('upgrade', 'running', '');
    const asked = this.#now();
    const socket = new this.#around.WebSocket(socketUrl(this.#around.page), ['superchat', 'chat']);
    const opened = await this.#until(OPEN_WITHIN, (/** @type {(ok: boolean) => void} */ done) => {
      socket.onopen = () => done(true);
      socket.onclose = () => done(false);
    });
    const took = this.#now() - asked;
    const protocol = socket.protocol;
    socket.onclose = null;
    socket.close();
    if (this.#stopped) return;
    if (opened) {
      this.found.upgrade = { ok: true };
      this.#set('upgrade', 'good', `Yes, within ${Math.max(1, Math.round(took))} ms.`);
      this.found.subprotocol = { asked: 'superchat', got: protocol };
      this.#set(
        'subprotocol',
        protocol === 'superchat' ? 'good' : 'bad',
        protocol === 'superchat'
          ? 'Yes: “superchat, chat” was offered, and “superchat” chosen, the first of the list.'
          : `No: “superchat, chat” was offered, and the answer was ${protocol ? `“${protocol}”` : 'none'}.`,
      );
      return;
    }
    let status = 0;
    try {
      status = (await this.#around.fetch(new URL('chat', this.#around.page), { cache: 'no-store' }))
        .status;
    } catch {
      // 0 says it
    }
    this.found.upgrade = { ok: false, status };
    this.#set(
      'upgrade',
      'bad',
      `No. A plain request for the same address is answered with ${status || 'nothing'}` +
        (status === 426 ? ', by the server itself.' : '.'),
    );
    this.#set('subprotocol', 'stopped', 'Not tested: there is no WebSocket.');
  }

  async #stream() {
    this.#set('stream', 'running', 'A stream of events begins…');
    /** @type {{sent: number, got: number}[]} */
    const events = [];
    let run;
    try {
      run = await this.#api.start(EVENTS.rate, 64);
    } catch (error) {
      this.#set('stream', 'stopped', `Not tested: ${message(error)}.`);
      return;
    }
    let refused = '';
    let published = 0;
    /** @type {any} */ let looking = null;
    const carrier = listen(
      'sse',
      run.channel,
      {
        ready: () => {},
        message: (data) => {
          events.push({ sent: data.t / 1000, got: this.#now() });
          this.#set('stream', 'running', `${events.length} events so far…`, this.#part('stream'));
        },
        ended: (why) => {
          refused = why;
        },
      },
      this.#around,
    );
    const begun = this.#now();
    const enough = EVENTS.rate * EVENTS.seconds;
    await this.#until(EVENTS.seconds * 3_000, (/** @type {(ok: boolean) => void} */ done) => {
      const look = async () => {
        const passed = (this.#now() - begun) / 1000;
        published = await this.#api
          .counts(run.run, [])
          .then((counts) => counts.published)
          .catch(() => published);
        this.#set(
          'stream',
          'running',
          `${events.length} of ${published} events so far…`,
          Math.min(1, passed / EVENTS.seconds),
        );
        if (refused || events.length >= enough || published >= enough + EVENTS.rate * 4) {
          done(true);
        } else {
          looking = this.#around.setTimeout(look, 250);
        }
      };
      look();
    });
    this.#around.clearTimeout(looking);
    carrier.stop();
    this.#api.stop(run.run).catch(() => {});
    if (this.#stopped) return;
    if (refused) {
      this.found.stream = { verdict: 'refused', worst: 0 };
      this.#set('stream', 'warn', `The stream ended: ${refused}.`);
      return;
    }
    const judged = judge(events, published);
    this.found.stream = judged;
    this.#set(
      'stream',
      judged.verdict === 'flows' ? 'good' : 'warn',
      judged.verdict === 'flows'
        ? `They flow: ${events.length} events, the slowest ${Math.round(judged.worst)} ms behind the quickest.`
        : judged.verdict === 'nothing'
          ? `Buffered: ${published} events were sent and none came while the stream was open.`
          : `Held back: ${events.length} of ${published} events came, up to ${seconds(judged.worst / 1000)} late.`,
    );
  }

  async #poll() {
    const begun = this.#now();
    this.#set('poll', 'running', 'A poll waits…');
    const tick = this.#ticking('poll', 25, () => `Waiting, ${seconds(this.#passed(begun))}…`);
    const ended = await longPoll(this.#around, this.#ends);
    tick();
    if (this.#stopped) return;
    if (!ended) {
      this.#set('poll', 'stopped', 'Not tested: no session over HTTP was begun.');
      return;
    }
    // The server's heartbeat may end the wait before its 30 s.
    const ok = ended.ok && ended.seconds >= Math.min(WAIT, this.heartbeat.interval) - 2;
    this.found.poll = { seconds: ended.seconds, ok, status: ended.status };
    this.#set(
      'poll',
      ok ? 'good' : 'warn',
      ok
        ? `Yes: the answer came after ${seconds(ended.seconds)} of silence.`
        : `No: ${ended.status ? `the answer was ${ended.status}` : 'it was cut'} after ${seconds(ended.seconds)}.`,
    );
  }

  /** @param {number} longest seconds */
  async #quiet(longest) {
    const begun = this.#now();
    const tick = this.#ticking('quiet', longest, () => `Quiet for ${seconds(this.#passed(begun))}…`);
    const end = await this.#hold('?bench', null, longest);
    tick();
    if (this.#stopped) return this.#leaveOff('quiet', begun);
    const lasted = this.#passed(begun);
    if (end && end.code === 1013) {
      this.#set('quiet', 'stopped', `Not tested: ${end.reason}.`);
      return;
    }
    this.found.quiet = { seconds: lasted, cut: end !== null };
    this.#set(
      'quiet',
      end === null || lasted >= needed(this.heartbeat) ? 'good' : 'bad',
      end === null
        ? `At least ${seconds(lasted)}: it was still open when this test ended it.`
        : `It was cut after ${seconds(lasted)}, with ${end.code}. ` +
            (lasted < needed(this.heartbeat)
              ? `That is too short for the heartbeat of ${this.heartbeat.interval} s.`
              : `The heartbeat comes each ${this.heartbeat.interval} s, so that no connection is that quiet.`),
    );
  }

  /** @param {number} longest seconds */
  async #lively(longest) {
    const begun = this.#now();
    const tick = this.#ticking('lively', longest, () => `Open for ${seconds(this.#passed(begun))}…`);
    const end = await this.#hold('', 'chat', longest);
    tick();
    if (this.#stopped) return this.#leaveOff('lively', begun);
    const lasted = this.#passed(begun);
    this.found.lively = { seconds: lasted, cut: end !== null };
    this.#set(
      'lively',
      end === null ? 'good' : 'bad',
      end === null
        ? `Open after ${seconds(lasted)}: the server’s Ping every ${this.heartbeat.interval} s keeps it so.`
        : `It was cut after ${seconds(lasted)}, with ${end.code}${end.reason ? ` ${end.reason}` : ''}.`,
    );
  }

  /** @param {'quiet' | 'lively'} id @param {number} begun */
  #leaveOff(id, begun) {
    const lasted = this.#passed(begun);
    this.found[id] = { seconds: lasted, cut: false };
    this.#set(id, 'stopped', `Open for ${seconds(lasted)} when you stopped.`);
    this.#changed();
  }

  /**
   * Keeps a WebSocket open and says nothing.
   *
   * @param {string} query @param {string | null} protocol @param {number} longest seconds
   * @returns {Promise<{code: number, reason: string} | null>} how it was cut; null if it was not
   */
  async #hold(query, protocol, longest) {
    const socket = new this.#around.WebSocket(
      socketUrl(this.#around.page, query),
      protocol ? [protocol] : [],
    );
    const end = await this.#until(
      longest * 1000,
      (/** @type {(end: {code: number, reason: string} | null) => void} */ done) => {
        socket.onclose = (/** @type {{code: number, reason: string}} */ event) =>
          done({ code: event.code, reason: event.reason });
      },
    );
    socket.onclose = null;
    socket.close();
    return end;
  }

  /** @param {Check} id */
  async #skip(id) {
    this.#set(id, 'stopped', 'Not tested: there is no WebSocket.');
  }

  /**
   * Waits until something happens, or time is over, or the examination is stopped.
   *
   * @template T
   * @param {number} ms
   * @param {(done: (value: T) => void) => void} begin
   * @returns {Promise<T | null>}
   */
  #until(ms, begin) {
    return new Promise((resolve) => {
      const over = () => done(null);
      const timer = this.#around.setTimeout(over, ms);
      /** @param {T | null} value */
      const done = (value) => {
        this.#around.clearTimeout(timer);
        this.#ends.delete(over);
        resolve(value);
      };
      this.#ends.add(over);
      begin(done);
    });
  }

  /**
   * Shows progress until the function that it returns is called.
   *
   * @param {Check} id @param {number} longest seconds @param {() => string} text
   */
  #ticking(id, longest, text) {
    const begun = this.#now();
    /** @type {any} */ let timer = null;
    const tick = () => {
      this.#set(id, 'running', text(), Math.min(1, this.#passed(begun) / longest));
      timer = this.#around.setTimeout(tick, 200);
    };
    tick();
    return () => this.#around.clearTimeout(timer);
  }

  /** @param {number} begun */
  #passed(begun) {
    return (this.#now() - begun) / 1000;
  }

  /** @param {Check} id */
  #part(id) {
    return this.steps.find((step) => step.id === id)?.part ?? 0;
  }

  /** @param {Check} id @param {State} state @param {string} text @param {number} [part] */
  #set(id, state, text, part = 0) {
    const step = this.steps.find((one) => one.id === id);
    if (!step) return;
    Object.assign(step, { state, text, part });
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * One long poll of a session that hears nothing.
 *
 * @param {Surroundings} around
 * @param {Set<() => void>} ends
 * @returns {Promise<{seconds: number, ok: boolean, status: number} | null>} null where there is no
 *   session
 */
async function longPoll(around, ends) {
  const sessions = new URL('chat/sessions', around.page).href;
  const abort = new AbortController();
  const stop = () => abort.abort();
  ends.add(stop);
  let session;
  try {
    const answer = await around.fetch(sessions, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'connect', id: 1, client: 'lab/doctor' }),
      signal: abort.signal,
    });
    if (!answer.ok) return null;
    session = await answer.json();
  } catch {
    return null;
  }
  const url = `${sessions}/${session.session}`;
  const headers = { authorization: `Bearer ${session.token}` };
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 1000;
  try {
    let after = 0;
    for (;;) {
      const answer = await around.fetch(`${url}/messages?after=${after}&wait=30`, {
        headers,
        cache: 'no-store',
        signal: abort.signal,
      });
      const body = answer.ok ? await answer.json() : { messages: [], next: after };
      after = body.next;
      // What was waiting at the beginning is no silence.
      if (answer.ok && passed() < 1 && body.messages.length > 0) continue;
      return { seconds: passed(), ok: answer.ok, status: answer.status };
    }
  } catch {
    return { seconds: passed(), ok: false, status: 0 };
  } finally {
    ends.delete(stop);
    around.fetch(url, { method: 'DELETE', headers, keepalive: true }).catch(() => {});
  }
}

/** @param {unknown} error */
function message(error) {
  return error instanceof Error ? error.message : String(error);
}
