// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { kinds, launch } from './browsers.js';
import { Front } from './front.js';
import { numbered, publishAll } from './server.js';
import { ChatWindow, until } from './window.js';

const war =
  process.env.SWITCHBOARD_WAR ??
  fileURLToPath(new URL('../../../target/switchboard.war', import.meta.url));
const CUT =
  /WebSocket connection to .* failed|net::ERR_|Failed to load resource|can’t establish a connection|was interrupted while/;

/** How much faster than ours the clock of a page runs that is offline for five minutes. */
const RATE = 30;

/** A server of its own, on one port and one home over all its lives. */
class OwnServer {
  #home = mkdtempSync(`${tmpdir()}/switchboard-restart-`);
  #port = 0;
  /** @type {import('node:child_process').ChildProcess | null} */ #process = null;
  #said = '';

  get url() {
    return new URL(`http://127.0.0.1:${this.#port}/`);
  }

  async start() {
    const process_ = spawn(
      'java',
      ['-jar', war, '--host', '127.0.0.1', '--port', String(this.#port)],
      { env: { ...process.env, SWITCHBOARD_HOME: this.#home } },
    );
    this.#process = process_;
    this.#said = '';
    for (const stream of [process_.stdout, process_.stderr]) {
      stream.on('data', (text) => (this.#said += text));
    }
    const port = async () => {
      if (process_.exitCode !== null) throw new Error(`the server ended: ${this.#said}`);
      return Number(/ is ready at http:\/\/[^:]+:(\d+)/.exec(this.#said)?.[1] ?? 0);
    };
    this.#port = await until(port, 'the server is ready', 60_000);
  }

  /** @param {'SIGTERM' | 'SIGKILL'} signal */
  async end(signal) {
    const { exitCode, signalCode } = this.#process ?? {};
    if (exitCode !== null || signalCode !== null) return;
    const gone = once(/** @type {any} */ (this.#process), 'exit');
    this.#process?.kill(signal);
    await gone;
  }

  async remove() {
    await this.end('SIGKILL');
    rmSync(this.#home, { recursive: true, force: true });
  }
}

const server = new OwnServer();
/** @type {Record<string, import('puppeteer-core').Browser>} */
const browsers = {};

before(async () => {
  if (!existsSync(war)) throw new Error(`SWITCHBOARD_WAR must name the server’s WAR, not ${war}`);
  await server.start();
  for (const kind of kinds) browsers[kind] = await launch(kind);
});
after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  await server.remove();
});

/**
 * A window in each browser, in one room.
 *
 * @param {import('node:test').TestContext} t @param {string} room @param {() => void} [script]
 */
function windows(t, room, script) {
  return Promise.all(
    kinds.map(async (kind) => {
      const around = { kind, browser: browsers[kind], base: server.url };
      const front = await Front.before(server.url);
      const window = await ChatWindow.open(t, around, { name: kind, room, front, script });
      window.expects = CUT;
      return window;
    }),
  );
}

test('a page left open over a restart and over a kill -9 has every message', async (t) => {
  const room = 'survivors';
  const open = await windows(t, room);
  await publishAll(room, numbered('line', 10), server.url);
  for (const window of open) await window.hears('line 10');

  await server.end('SIGTERM');
  await open[0].say('said while there was no server');
  await open[0].sees('#log .pending.waits', 'said while there was no server');
  await server.start();
  await publishAll(room, numbered('line', 10, 11), server.url);
  for (const window of open) await window.hears('said while there was no server', 60_000);
  for (const window of open) {
    const lines = (await window.messages()).filter((text) => text.startsWith('line'));
    assert.deepEqual(lines, numbered('line', 20));
    assert.equal((await window.messages()).length, 21);
  }

  // It is killed while it is being spoken to; what it said yes to counts.
  let told = 20;
  const speak = async () => {
    for (;;) {
      await publishAll(room, numbered('line', 1, told + 1), server.url);
      told += 1;
    }
  };
  const speaking = speak().catch((failure) => failure);
  await until(async () => told >= 30, 'it is being spoken to');
  await server.end('SIGKILL');
  assert.match(String(await speaking), /fetch failed/);
  await server.start();
  await publishAll(room, ['the end'], server.url);
  for (const window of open) await window.hears('the end', 60_000);
  for (const window of open) {
    const lines = (await window.messages()).filter((text) => text.startsWith('line'));
    // The one that had no answer may have been written or not; once, if so.
    const kept = lines.length === told + 1 ? told + 1 : told;
    assert.deepEqual(lines, numbered('line', kept));
  }
  await open[0].shot('survivors');
});

test(`five minutes offline, on a clock that runs ${RATE} times as fast`, async (t) => {
  const room = 'expedition';
  const open = await windows(t, room, hasty);
  await publishAll(room, numbered('line', 5), server.url);
  for (const window of open) await window.hears('line 5');
  for (const { front, page } of open) {
    await page.evaluate((rate) => /** @type {any} */ (window).hasten(rate), RATE);
    await front.cut();
  }
  await publishAll(room, numbered('line', 300, 6), server.url);
  for (const { page } of open) {
    const began = await page.evaluate(() => Date.now());
    const passed = async () => (await page.evaluate(() => Date.now())) - began > 300_000;
    await until(passed, 'five minutes on that clock', 60_000);
  }
  for (const window of open) {
    await window.is('#lamp[data-state="waiting"], #lamp[data-state="connecting"]');
    assert.equal((await window.messages()).length, 5, 'what was there stays');
    await window.front.mend();
    // A server has its usual time to answer.
    await window.page.evaluate(() => /** @type {any} */ (window).hasten(1));
  }
  for (const window of open) await window.hears('line 305', 60_000);
  for (const window of open) assert.deepEqual(await window.messages(), numbered('line', 305));
});

/** Lets a page's clock and timers run faster, from when it is told to. */
function hasty() {
  const now = Date.now.bind(Date);
  const later = setTimeout.bind(window);
  let rate = 1;
  let since = now();
  let shown = since;
  Date.now = () => Math.round(shown + (now() - since) * rate);
  Object.assign(window, {
    setTimeout: (/** @type {() => void} */ run, ms = 0) => later(run, ms / rate),
    hasten: (/** @type {number} */ faster) => {
      shown = Date.now();
      since = now();
      rate = faster;
    },
  });
}
