// With the real server, over the real network, by the real clock. Where it is, is told by
// SWITCHBOARD_URL; with SWITCHBOARD_WAR, the path of the WAR, servers are started here and killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { Switchboard } from '../../../webapp/js/switchboard/index.js';
import { seeded } from './fakes.js';

const { SWITCHBOARD_URL, SWITCHBOARD_WAR } = process.env;
const TRANSPORTS = ['websocket', 'sse', 'longpoll', 'polling'];
const WebSocket = globalThis.WebSocket ?? (await import('ws')).default;

/** @type {Set<Switchboard>} */ const boards = new Set();
after(() => boards.forEach((board) => board.close()));

/** @param {string} base @param {any} options */
function client(base, options) {
  const board = new Switchboard(new URL('chat', base.replace(/\/?$/, '/')), {
    WebSocket,
    pollInterval: 100,
    ...options,
  });
  boards.add(board);
  return board;
}

/** Every publication of a channel that is heard, and whether it is without hole, double or reload. */
function listener(board, channel) {
  const subscription = board.subscribe(channel);
  /** @type {any[]} */ const heard = [];
  /** @type {string[]} */ const wrong = [];
  /** @type {(() => void)[]} */ let waiting = [];
  subscription.addEventListener('publication', ({ detail }) => {
    const last = heard.at(-1)?.offset;
    if (last !== undefined && detail.offset !== last + 1) wrong.push(`${last} ${detail.offset}`);
    heard.push(detail);
    waiting = waiting.filter((look) => !look());
  });
  for (const type of ['reload', 'gap', 'ended']) {
    subscription.addEventListener(type, ({ detail }) => {
      if (detail.error !== null) wrong.push(`${type} ${JSON.stringify(detail)}`);
    });
  }
  /** @param {() => boolean} met */
  const until = (met) =>
    new Promise((resolve) => {
      const look = () => met() && (resolve(undefined), true);
      if (!look()) waiting.push(look);
    });
  return { subscription, heard, wrong, until };
}

/** @param {EventTarget} target @param {string} type @param {(detail: any) => boolean} [met] */
function event(target, type, met = () => true) {
  return new Promise((resolve) => {
    const look = ({ detail }) => {
      if (!met(detail)) return;
      target.removeEventListener(type, look);
      resolve(detail);
    };
    target.addEventListener(type, look);
  });
}

const channelOf = (about) => `room:client-${about}-${process.pid}-${Date.now().toString(36)}`;

/** A network that cuts requests and sockets as chance will have it. @param {number} seed */
function brokenNetwork(seed) {
  const random = seeded(seed);
  let percent = 12;
  let cuts = 0;
  const chance = () => random() * 100 < percent && (cuts += 1) > 0;
  /** @type {Set<any>} */ const open = new Set();
  return {
    get cuts() {
      return cuts;
    },
    heal: () => (percent = 0),
    /** Cuts one of what is open. */
    cut() {
      const [one] = open;
      if (!one || percent === 0) return;
      open.delete(one);
      cuts += 1;
      one();
    },
    fetch: async (url, options) => {
      if (chance()) throw new TypeError('cut before the request');
      const cut = new AbortController();
      const abort = () => cut.abort();
      open.add(abort);
      try {
        const signal = AbortSignal.any([cut.signal, options.signal ?? cut.signal]);
        const response = await fetch(url, { ...options, signal });
        const length = response.headers.get('Content-Type')?.includes('event-stream');
        if (!length && chance()) throw new TypeError('cut before the answer');
        return response;
      } catch (failure) {
        open.delete(abort);
        throw failure;
      }
    },
    WebSocket: class {
      readyState = 0;
      constructor(url, protocols) {
        const socket = new WebSocket(url, protocols);
        socket.binaryType = 'arraybuffer';
        const cut = () => {
          if (this.readyState === 3) return;
          this.readyState = 3;
          socket.onmessage = null;
          socket.onclose = null;
          socket.close();
          this.onclose({ code: 1006, reason: '' });
        };
        socket.onopen = () => {
          if (this.readyState !== 0) return;
          this.readyState = 1;
          open.add(cut);
          this.onopen({});
        };
        socket.onerror = () => {};
        socket.onmessage = (message) => this.onmessage(message);
        socket.onclose = ({ code, reason }) => {
          this.readyState = 3;
          this.onclose({ code, reason });
        };
        // As real ones do, it tells of its end later and not while it sends.
        this.send = (frame) => (chance() ? setImmediate(cut) : socket.send(frame));
        this.close = (code, reason) => {
          this.readyState = 3;
          socket.close(code, reason);
        };
      }
    },
  };
}

if (SWITCHBOARD_URL) {
  for (const transport of TRANSPORTS) {
    test(`${transport}: joins, says and hears, text and bytes`, async () => {
      const channel = channelOf(transport);
      const board = client(SWITCHBOARD_URL, { transports: [transport], name: 'Ann' });
      const { subscription, heard, until, wrong } = listener(board, channel);
      await event(subscription, 'subscribed');
      const bytes = Uint8Array.from({ length: 4096 }, (_, i) => i);
      const answers = await Promise.all([
        board.publish(channel, { text: 'hi' }),
        board.publish(channel, bytes),
        board.publish(channel, { text: 'hi' }, { key: `k-${channel}` }),
      ]);
      assert.deepEqual(
        answers.map(({ offset }) => offset),
        [1, 2, 3],
      );
      await until(() => heard.length === 3);
      assert.deepEqual(heard[0].data, { text: 'hi' });
      assert.deepEqual(heard[1].data, bytes);
      const again = await board.publish(channel, { text: 'hi' }, { key: `k-${channel}` });
      assert.deepEqual([again.offset, again.duplicate], [3, true]);
      const history = await subscription.history({ limit: 2, reverse: true });
      assert.deepEqual(
        history.publications.map(({ offset }) => offset),
        [3, 2],
      );
      const [member] = await subscription.presence();
      assert.equal(member.name, 'Ann');
      subscription.ack(3);
      await assert.rejects(board.publish('nowhere:x', 1), { code: 'unknown-channel' });
      assert.equal(board.state.transport, transport);
      assert.deepEqual(wrong, []);
      board.close();
    });

    test(`${transport}: through a network that cuts, nothing is lost and nothing twice`, async (t) => {
      const channel = channelOf(`cuts-${transport}`);
      const network = brokenNetwork(7 + TRANSPORTS.indexOf(transport));
      const watcher = listener(client(SWITCHBOARD_URL, { transports: ['websocket'] }), channel);
      const board = client(SWITCHBOARD_URL, {
        transports: [transport],
        fetch: network.fetch,
        WebSocket: network.WebSocket,
        minDelay: 20,
        maxDelay: 200,
      });
      const mine = listener(board, channel);
      await Promise.all([
        event(watcher.subscription, 'subscribed'),
        event(mine.subscription, 'subscribed'),
      ]);
      const outcomes = [];
      const writer = client(SWITCHBOARD_URL, { transports: ['websocket'] });
      for (let i = 0; i < 150; i += 1) {
        const said = board.publish(channel, `c${i}`).then(
          () => 'published',
          ({ code }) => code,
        );
        outcomes.push(said);
        await writer.publish(channel, `s${i}`);
        if (i % 10 === 9) network.cut();
      }
      network.heal();
      const results = await Promise.all(outcomes);
      const { offset } = await writer.publish(channel, 'end');
      await Promise.all(
        [watcher, mine].map((one) => one.until(() => one.heard.at(-1)?.data === 'end')),
      );
      t.diagnostic(
        `${network.cuts} cuts, ${results.filter((r) => r !== 'published').length} unknown`,
      );
      assert.ok(network.cuts > 0, 'there was something to survive');
      assert.deepEqual([watcher.wrong, mine.wrong], [[], []]);
      assert.equal(watcher.heard.length, offset);
      assert.deepEqual(
        mine.heard.map(({ data }) => data),
        watcher.heard.map(({ data }) => data),
      );
      results.forEach((result, i) => {
        const times = watcher.heard.filter(({ data }) => data === `c${i}`).length;
        if (result === 'published') assert.equal(times, 1, `c${i}`);
        else {
          assert.equal(result, 'outcome-unknown', `c${i}`);
          assert.ok(times <= 1, `c${i} ${times} times`);
        }
      });
      for (const one of [board, writer]) one.close();
    });
  }

  test('where WebSockets are refused it falls back, and climbs when they are not', async () => {
    const channel = channelOf('climb');
    let blocked = true;
    const Blocked = class extends WebSocket {
      constructor(url, protocols) {
        super(blocked ? url.replace(/chat$/, 'nowhere') : url, protocols);
      }
    };
    const board = client(SWITCHBOARD_URL, { WebSocket: Blocked, climbAfter: 1000 });
    const mine = listener(board, channel);
    assert.deepEqual(await event(board, 'transport'), { from: null, to: 'sse' });
    const moved = event(board, 'transport');
    const published = [];
    for (let i = 0; i < 200; i += 1) {
      if (i === 50) blocked = false;
      published.push(board.publish(channel, i));
      await published.at(-1);
    }
    assert.deepEqual(await moved, { from: 'sse', to: 'websocket' });
    published.push(board.publish(channel, 'end'));
    await Promise.all(published);
    await mine.until(() => mine.heard.at(-1)?.data === 'end');
    assert.deepEqual(mine.wrong, []);
    assert.deepEqual(
      mine.heard.map(({ offset }) => offset),
      published.map((_, i) => i + 1),
    );
    board.close();
  });
}

/** @param {string} home @param {number} port */
async function start(home, port) {
  const server = spawn(
    'java',
    ['-jar', String(SWITCHBOARD_WAR), '--port', `${port}`, '--host', '127.0.0.1'],
    {
      env: { ...process.env, SWITCHBOARD_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = [];
  const ready = new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const url = / is ready at (\S+?)[.,]?(?:\s|$)/.exec(line)?.[1];
        if (url) resolve(url);
      });
    }
    server.once('exit', () => reject(new Error(said.join('\n'))));
  });
  const url = await ready;
  const kill = async () => {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return { url, kill };
}

/** A port that nobody uses. */
async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

if (SWITCHBOARD_WAR) {
  test('kill -9 of the server in the middle: nothing lost, nothing twice, over every transport', async (t) => {
    const home = mkdtempSync(join(tmpdir(), 'switchboard-client-'));
    const port = await freePort();
    let server = await start(home, port);
    t.after(async () => {
      boards.forEach((board) => board.close());
      await server.kill();
      rmSync(home, { recursive: true, force: true });
    });
    const channel = channelOf('killed');
    const all = TRANSPORTS.map((transport) => {
      const board = client(server.url, { transports: [transport], minDelay: 50, maxDelay: 500 });
      return { transport, board, outcomes: /** @type {any[]} */ ([]), ...listener(board, channel) };
    });
    await Promise.all(all.map(({ subscription }) => event(subscription, 'subscribed')));
    let going = true;
    const talking = all.map(async ({ transport, board, outcomes }) => {
      for (let i = 0; going; i += 1) {
        const data = `${transport} ${i}`;
        const said = board.publish(channel, data).then(
          () => ({ data, result: 'published' }),
          ({ code }) => ({ data, result: code }),
        );
        outcomes.push(said);
        await Promise.race([said, event(all[0].subscription, 'publication')]);
      }
    });
    const first = all[0];
    for (let kills = 0; kills < 2; kills += 1) {
      const before = Math.max(...all.map(({ heard }) => heard.length));
      await Promise.all(all.map((one) => one.until(() => one.heard.length > before + 50)));
      const back = all.map(({ subscription }) => event(subscription, 'subscribed'));
      await server.kill();
      server = await start(home, port);
      await Promise.all(back);
    }
    const before = first.heard.length;
    await first.until(() => first.heard.length > before + 50);
    going = false;
    await Promise.all(talking);
    const results = (await Promise.all(all.map(({ outcomes }) => Promise.all(outcomes)))).flat();
    const { offset } = await first.board.publish(channel, 'end');
    await Promise.all(all.map((one) => one.until(() => one.heard.at(-1)?.data === 'end')));
    const texts = first.heard.map(({ data }) => data);
    const log = new Map();
    for (const text of texts) log.set(text, (log.get(text) ?? 0) + 1);
    const unknown = results.filter(({ result }) => result !== 'published');
    t.diagnostic(
      `${results.length} published, ${unknown.length} of unknown outcome, ${offset} in the log`,
    );
    assert.equal(texts.length, offset);
    for (const { data, result } of results) {
      const times = log.get(data) ?? 0;
      if (result === 'published') assert.equal(times, 1, data);
      else {
        assert.equal(result, 'outcome-unknown', data);
        assert.ok(times <= 1, `${data}: ${times} times`);
      }
    }
    for (const { transport, board, heard, wrong } of all) {
      assert.deepEqual(wrong, [], transport);
      assert.equal(board.state.transport, transport);
      assert.deepEqual(
        heard.map(({ data }) => data),
        texts,
        transport,
      );
    }
  });
}

if (!SWITCHBOARD_URL && !SWITCHBOARD_WAR) {
  test('the real server is asked where SWITCHBOARD_URL or SWITCHBOARD_WAR say so', () => {
    assert.equal(boards.size, 0);
  });
}
