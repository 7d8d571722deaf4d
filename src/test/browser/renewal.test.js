// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { kinds, launch } from './browsers.js';
import { until } from './window.js';

const war =
  process.env.SWITCHBOARD_WAR ??
  fileURLToPath(new URL('../../../target/switchboard.war', import.meta.url));
const SECRET = 'a-secret-of-the-tests-of-32-bytes';
const API_KEY = 'renewal-test';
const RENEWALS = 3;

/** How long a token of this test holds, in s. */
const LIFETIME = 4;

const home = mkdtempSync(`${tmpdir()}/switchboard-renewal-`);
/** @type {import('node:child_process').ChildProcess} */ let server;
/** @type {URL} */ let base;
/** @type {Record<string, import('puppeteer-core').Browser>} */ const browsers = {};

/** @param {unknown} value */
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of `ann` that holds for a few seconds. */
function mint() {
  const exp = Math.ceil(Date.now() / 1000) + LIFETIME;
  const input = `${part({ alg: 'HS256' })}.${part({ sub: 'ann', name: 'Ann', exp })}`;
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}

/** @param {number} n */
async function publish(n) {
  const answer = await fetch(new URL('api/publish', base), {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'room:renewal', data: n }),
  });
  assert.ok(answer.ok, String(answer.status));
}

before(async () => {
  server = spawn('java', ['-jar', war, '--host', '127.0.0.1', '--port', '0'], {
    env: {
      ...process.env,
      SWITCHBOARD_HOME: home,
      SWITCHBOARD_API_KEY: API_KEY,
      SWITCHBOARD_JWT_SECRET: SECRET,
      SWITCHBOARD_JWT_CLOCK_SKEW: '0s',
    },
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (text) => (said += text));
  const url = await until(
    async () => / is ready at (http:\S+)/.exec(said)?.[1],
    'the server is ready',
    60_000,
  );
  base = new URL(url);
  for (const kind of kinds) browsers[kind] = await launch(kind);
});

after(async () => {
  for (const browser of Object.values(browsers)) await browser.close();
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
  rmSync(home, { recursive: true, force: true });
});

for (const kind of kinds) {
  test(`in ${kind} a page stays through ${RENEWALS} renewals and misses nothing`, async () => {
    const page = await browsers[kind].newPage();
    /** @type {string[]} */ const asked = [];
    /** @type {string[]} */ const minted = [];
    /** @type {string[]} */ const requested = [];
    page.on('request', (request) => {
      requested.push(`${request.url()} ${JSON.stringify(request.headers())}`);
    });
    await page.goto(base.href);
    await page.exposeFunction('mint', (/** @type {string} */ why) => {
      asked.push(why);
      minted.push(mint());
      return minted.at(-1);
    });
    await page.evaluate(async () => {
      const { Switchboard } = await import(/** @type {any} */ ('./js/switchboard/index.js'));
      const seen = /** @type {any} */ (globalThis);
      seen.states = [];
      seen.heard = [];
      const board = new Switchboard('chat', { token: seen.mint, transports: ['websocket'] });
      board.addEventListener('state', (/** @type {any} */ e) => seen.states.push(e.detail.kind));
      const room = board.subscribe('room:renewal');
      room.addEventListener('publication', (/** @type {any} */ e) => seen.heard.push(e.detail.data));
      await new Promise((go) => room.addEventListener('subscribed', go));
      seen.user = board.state.user;
    });
    const sent = [];
    while (asked.length <= RENEWALS) {
      sent.push(sent.length);
      await publish(sent.length - 1);
      assert.ok(sent.length < 400, `only renewed ${asked.length - 1} times`);
      await pause(50);
    }
    await until(
      () => page.evaluate((n) => /** @type {any} */ (globalThis).heard.length >= n, sent.length),
      'all was heard',
    );
    const { states, heard, user } = await page.evaluate(() => {
      const { states, heard, user } = /** @type {any} */ (globalThis);
      return { states, heard, user };
    });
    assert.equal(user, 'ann');
    assert.deepEqual(heard, sent);
    assert.deepEqual(states, ['online'], 'one connection all the time');
    assert.deepEqual(asked.slice(0, 4), ['connect', 'expired', 'expired', 'expired']);
    for (const token of minted) {
      assert.ok(!requested.some((one) => one.includes(token)), 'no token in a URL or a header');
    }
    await page.close();
  });
}
