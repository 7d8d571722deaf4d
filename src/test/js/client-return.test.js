import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from '../../../webapp/js/switchboard/connection.js';
import { began, client, heard, outcome, seeded, settle } from './client-fakes.js';

const kind = (c) => c.board.state.kind;
const wait = (c) => c.board.state.until - c.clock.now();

async function online(options) {
  const c = await client(options);
  c.socket().connects();
  return c;
}

test('waits are anywhere under a doubling ceiling', async () => {
  const c = await client({ random: seeded(5) });
  const waits = [];
  for (const ceiling of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    c.socket().closes(1006);
    waits.push(wait(c));
    assert.ok(wait(c) >= 0 && wait(c) <= ceiling, `${wait(c)} is not under ${ceiling}`);
    await c.pass(wait(c));
  }
  assert.equal(new Set(waits).size, waits.length);
  assert.equal(c.sockets.length, 9);
});

test('only a connection that held makes the backoff small again', async () => {
  const c = await client({ random: () => 0.999 });
  const waits = [];
  for (const held of [0, 1000, 9000, 10_000, 0]) {
    c.socket().connects();
    await c.pass(held);
    c.socket().closes(1006);
    waits.push(wait(c));
    await c.pass(wait(c));
  }
  assert.deepEqual(waits, [499, 999, 1998, 499, 999]);
});

for (const code of [4000, 4001, 4002, 4003, 4004, 4006, 4008, 1000, 1002, 1003, 1007, 1009, 1011]) {
  test(`${code} does not come back, and what waits is rejected`, async () => {
    const c = await online();
    const unanswered = c.board.publish('room:a', 1);
    await settle();
    c.socket().closes(code, 'enough');
    assert.deepEqual(c.board.state, { kind: 'ended', code, reason: 'enough', needs: 'nothing' });
    assert.equal(await outcome(unanswered), 'outcome-unknown');
    assert.equal(await outcome(c.board.publish('room:a', 1)), 'closed');
    assert.equal(c.clock.pending, 0);
    c.board.connect();
    await settle();
    c.socket().connects();
    assert.equal(kind(c), 'online', 'by hand it does');
  });
}

for (const code of [4100, 4101, 4102, 4103, 4104, 1012, 1013]) {
  test(`${code} comes back, but not within two seconds`, async () => {
    const c = await online({ random: () => 0 });
    c.socket().closes(code);
    await c.pass(1999);
    assert.equal(c.sockets.length, 1);
    await c.pass(1);
    assert.equal(c.sockets.length, 2);
  });
}

for (const code of [4200, 4201, 4202, 4203, 1001]) {
  test(`${code} comes back at once, but not in a loop`, async () => {
    const c = await online();
    c.socket().closes(code);
    c.clock.advance(0);
    await settle();
    assert.equal(c.sockets.length, 2);
    c.socket().connects();
    c.socket().closes(code);
    assert.equal(wait(c), 500);
  });
}

test('4203 forgets positions, and the application is told to reload', async () => {
  const c = await client();
  const events = heard(c.board.subscribe('room:a'));
  c.socket().connects({ subs: { 'room:a': began(3) } });
  c.socket().closes(4203);
  c.clock.advance(0);
  await settle();
  c.socket().opens();
  assert.notEqual(c.socket().sent[0].subs['room:a'].epoch, 'e1');
  c.socket().connects({ subs: { 'room:a': began(3, { recovered: false }) } });
  assert.equal(events.at(-1)[0], 'reload');
});

for (const code of [4300, 4301]) {
  test(`${code} asks for a new token and comes back with it`, async () => {
    const asked = [];
    const c = await client({ token: (why) => `t${asked.push(why)}` });
    c.socket().connects();
    assert.equal(c.socket().sent[0].token, 't1');
    c.socket().closes(code);
    c.clock.advance(0);
    await settle();
    c.socket().connects();
    assert.equal(c.socket().sent[0].token, 't2');
    assert.deepEqual(asked, ['connect', 'expired']);
  });

  test(`${code} without token() ends, and says what it needs`, async () => {
    const c = await online();
    c.socket().closes(code);
    assert.equal(kind(c), 'ended');
    assert.equal(c.board.state.needs, 'credentials');
  });
}

test('a token that is refused is asked for once more, then it ends', async () => {
  const asked = [];
  const c = await client({ token: (why) => `t${asked.push(why)}` });
  for (let i = 0; i < 2; i += 1) {
    c.socket().opens();
    c.socket().says({
      type: 'error',
      re: 1,
      code: 'unauthenticated',
      message: 'token',
      retry: false,
    });
    await c.pass(1000);
  }
  assert.deepEqual(asked, ['connect', 'refused']);
  assert.equal(c.board.state.needs, 'credentials');
});

test('no token to be had ends; a token() that fails is asked again', async () => {
  assert.equal((await client({ token: () => null })).board.state.needs, 'credentials');
  let n = 0;
  const c = await client({
    token: async () => {
      if (++n === 1) throw new Error('away');
      return 't';
    },
  });
  assert.equal(kind(c), 'waiting');
  await c.pass(250);
  c.socket().opens();
  assert.equal(c.socket().sent[0].token, 't');
});

test('expiring is answered by a refresh', async () => {
  const asked = [];
  const c = await client({ token: (why) => `t${asked.push(why)}` });
  c.socket().connects();
  c.socket().says({ type: 'expiring', in: 30 });
  await settle();
  const [{ id, token }] = c.socket().ofType('refresh');
  assert.equal(token, 't2');
  c.socket().says({ type: 'refreshed', re: id, expires: 'later' });
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().opens();
  assert.equal(c.socket().sent[0].token, 't2');
});

test('a refresh that is refused is told, and the end asks for another token', async () => {
  const asked = [];
  const c = await client({ token: (why) => `t${asked.push(why)}` });
  c.socket().connects();
  c.socket().says({ type: 'expiring', in: 30 });
  await settle();
  const [{ id }] = c.socket().ofType('refresh');
  c.socket().says({ type: 'error', re: id, code: 'unauthenticated', message: 'token', retry: false });
  assert.deepEqual(c.errors, ['unauthenticated']);
  assert.equal(c.board.state.kind, 'online');
  c.socket().says({ type: 'bye', code: 4300, reason: 'token-expired', reconnect: true });
  c.socket().closes(4300);
  await c.pass(250);
  c.socket().opens();
  assert.deepEqual([c.socket().sent[0].token, asked.at(-1)], ['t3', 'expired']);
});

test('a token goes nowhere but into connect and refresh', async () => {
  const c = await client({ token: () => 'sesame' });
  assert.doesNotMatch(c.socket().url, /sesame/);
  assert.deepEqual(c.socket().protocols, ['superchat']);
});

test('the last word of the server counts: after, reconnect, and a code that got lost', async () => {
  const c = await online({ random: () => 0 });
  c.socket().says({ type: 'bye', code: 4104, reason: 'full', reconnect: true, after: 7000 });
  c.socket().closes(1006);
  assert.deepEqual([wait(c), c.board.state.code, c.board.state.reason], [7000, 4104, 'full']);
  assert.equal(verdict(4100, '', { reconnect: false }).action, 'stop');
  assert.equal(verdict(1011, '', { reconnect: true }).action, 'retry');
  assert.equal(verdict(4300, '', { reconnect: false }).action, 'credentials');
  assert.equal(verdict(1006, '', null).action, 'retry');
  assert.equal(verdict(1005, '', null).action, 'retry');
});

test('connect refused for now waits retryAfter; refused for good ends', async () => {
  const c = await client({ random: () => 0 });
  c.socket().opens();
  c.socket().says({
    type: 'error',
    re: 1,
    code: 'unavailable',
    message: 'x',
    retry: true,
    retryAfter: 4000,
  });
  assert.equal(wait(c), 4000);
  await c.pass(4000);
  c.socket().opens();
  c.socket().says({ type: 'error', re: 1, code: 'bad-request', message: 'name', retry: false });
  assert.deepEqual([kind(c), c.board.state.reason], ['ended', 'name']);
});

test('drain: it goes at a random moment of the window and comes back at once', async () => {
  const c = await online({ random: () => 0.25 });
  c.socket().says({ type: 'drain', after: 2000, within: 8000 });
  await c.pass(3999);
  assert.equal(kind(c), 'online');
  await c.pass(1);
  assert.equal(c.sockets.length, 2);
  assert.equal(c.sockets[0].closedWith, 4200, 'no goodbye: who comes back has not left');
});

test('drain: for a minute the server is expected back, and waited for in short steps', async () => {
  const c = await online({ random: () => 0.999 });
  c.socket().says({ type: 'drain', after: 0, within: 1000 });
  await c.pass(999);
  const gone = c.clock.now();
  const waits = { early: /** @type {number[]} */ ([]), late: /** @type {number[]} */ ([]) };
  for (let i = 0; i < 30; i++) {
    await c.pass(wait(c));
    c.socket().closes(1006);
    waits[c.clock.now() - gone < 60_000 ? 'early' : 'late'].push(wait(c));
  }
  assert.ok(Math.max(...waits.early) <= 5000, String(waits.early));
  assert.ok(Math.max(...waits.late) > 20_000, String(waits.late));
});

test('drain, and the server closes first: not before that moment', async () => {
  const c = await online({ random: () => 0.25 });
  c.socket().says({ type: 'drain', after: 2000, within: 8000 });
  await c.pass(1000);
  c.socket().closes(4100);
  assert.equal(wait(c), 3000);
  c.board.connect();
});

test('ping is answered; silence beyond the heartbeat and ten seconds ends it', async () => {
  const c = await online();
  for (let i = 0; i < 4; i += 1) {
    await c.pass(25_000);
    c.socket().says({ type: 'ping' });
  }
  assert.deepEqual(c.socket().ofType('pong'), Array(4).fill({ type: 'pong' }));
  await c.pass(34_999);
  assert.equal(kind(c), 'online');
  await c.pass(1);
  assert.equal(c.sockets.length, 2);
});

/** The events of a page. */
function page() {
  const window = new EventTarget();
  window.document = new EventTarget();
  window.document.visibilityState = 'visible';
  return window;
}

test('online, and a page that is seen again, end a wait', async () => {
  const window = page();
  const c = await client({ page: window, random: () => 0.999 });
  c.socket().closes(1006);
  window.dispatchEvent(new Event('online'));
  await settle();
  assert.equal(c.sockets.length, 2);
  c.socket().closes(1006);
  window.document.visibilityState = 'hidden';
  window.document.dispatchEvent(new Event('visibilitychange'));
  await settle();
  assert.equal(c.sockets.length, 2);
  window.document.visibilityState = 'visible';
  window.document.dispatchEvent(new Event('visibilitychange'));
  await settle();
  assert.equal(c.sockets.length, 3);
});

test('a wait that the server asked for is not cut short', async () => {
  const window = page();
  const c = await client({ page: window });
  c.socket().connects();
  c.socket().closes(4104);
  window.dispatchEvent(new Event('online'));
  await c.pass(1999);
  assert.equal(c.sockets.length, 1);
  await c.pass(1);
  assert.equal(c.sockets.length, 2);
});

test('offline asks the server at once, five seconds without a word end it', async () => {
  const window = page();
  const c = await client({ page: window });
  c.socket().connects();
  window.dispatchEvent(new Event('offline'));
  const [{ id }] = c.socket().ofType('ping');
  c.socket().says({ type: 'pong', re: id });
  await c.pass(30_000);
  assert.equal(kind(c), 'online');
  window.dispatchEvent(new Event('offline'));
  await c.pass(5000);
  assert.equal(c.sockets.length, 2);
});

test('a page that slept through its heartbeats comes back at once', async () => {
  const window = page();
  const c = await client({ page: window });
  c.socket().connects();
  const { now } = c.clock;
  c.clock.now = () => now.call(c.clock) + 3_600_000;
  window.document.dispatchEvent(new Event('visibilitychange'));
  assert.equal(c.sockets[0].closedWith, 4201);
});

test('closing takes the ears off the page', async () => {
  const window = page();
  const c = await client({ page: window });
  c.board.close();
  window.dispatchEvent(new Event('online'));
  await settle();
  assert.equal(c.sockets.length, 1);
});

test('the end of a link that was given up changes nothing', async () => {
  const c = await online();
  await c.pass(35_000);
  c.socket().connects();
  c.sockets[0].closes(1006);
  c.sockets[0].says({ type: 'bye', code: 4004, reason: '', reconnect: false });
  assert.equal(kind(c), 'online');
});

test('a socket that only says error where it cannot connect is tried again, and once', async () => {
  const c = await client();
  c.socket().onerror({});
  assert.equal(wait(c), 250);
  c.socket().closes(1006);
  assert.equal(wait(c), 250);
  await c.pass(250);
  c.socket().connects();
  c.socket().onerror({});
  assert.equal(kind(c), 'online', 'later a close follows, with its code');
});

test('an address that is none ends it', async () => {
  const c = await client({
    transports: [
      {
        name: 'x',
        binary: true,
        open: () => {
          throw new SyntaxError('bad address');
        },
      },
    ],
  });
  assert.match(c.board.state.reason, /bad address/);
  assert.equal(c.clock.pending, 0);
});

/** Transports that work or not. */
function carriers(works) {
  const opened = [];
  const make = (name) => ({
    name,
    binary: false,
    open: (url, listener) => {
      opened.push(name);
      queueMicrotask(() => {
        if (!works[name]) return listener.closed(1006, '');
        listener.opened();
        listener.message('{"type":"connected","re":1,"session":"s","user":"u","heartbeat":3600}');
      });
      works.cut = () => listener.closed(1006, '');
      return { send() {}, close() {} };
    },
  });
  return { opened, transports: ['first', 'second', 'third'].map(make) };
}

test('a transport that does not open is passed over, and what worked is remembered', async () => {
  const works = { second: true };
  const { opened, transports } = carriers(works);
  const c = await client({ transports });
  await c.pass(1000);
  assert.deepEqual(opened, ['first', 'second']);
  assert.equal(c.board.state.transport, 'second');
  works.cut();
  await c.pass(1000);
  assert.deepEqual(opened, ['first', 'second', 'second']);
  assert.equal(kind(c), 'online');
});

test('after five minutes the best transport is tried again', async () => {
  const works = { second: true };
  const { opened, transports } = carriers(works);
  const c = await client({ transports });
  await c.pass(1000);
  works.first = true;
  await c.pass(300_000);
  works.cut();
  await c.pass(1000);
  assert.equal(opened.at(-1), 'first');
});

test('one failure of a transport that worked is no reason to leave it', async () => {
  const works = { first: true };
  const { opened, transports } = carriers(works);
  const c = await client({ transports });
  works.first = false;
  works.second = true;
  works.cut();
  await c.pass(250);
  await c.pass(500);
  assert.deepEqual(opened, ['first', 'first', 'first']);
  await c.pass(3000);
  assert.equal(c.board.state.transport, 'second');
});
