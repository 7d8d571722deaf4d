import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line, seeded } from './fakes.js';

/** @param {ReturnType<typeof line>} l */
const kind = (l) => l.connection.state.kind;

test('it is online only after welcome, not when the socket opens', () => {
  const l = line();
  l.connection.connect();
  l.socket().opens();
  assert.equal(kind(l), 'connecting');
  l.socket().says({ type: 'welcome', user: 'guest-1', heartbeat: 25 });
  assert.equal(kind(l), 'online');
  assert.deepEqual(
    l.messages.map((m) => m.type),
    ['welcome'],
  );
});

test('connecting twice opens one socket', () => {
  const l = line();
  l.connection.connect();
  l.connection.connect();
  assert.equal(l.sockets.length, 1);
});

test('a socket that never gets its welcome is given up after ten seconds', () => {
  const l = line();
  l.connection.connect();
  l.socket().opens();
  l.clock.advance(9_999);
  assert.equal(kind(l), 'connecting');
  l.clock.advance(1);
  assert.equal(kind(l), 'waiting');
  assert.equal(l.sockets[0].closedByPage, true);
});

test('a broken connection is retried after the wait it announces', () => {
  const l = line(() => 0.5);
  l.connection.connect();
  l.socket().welcomes();
  l.socket().closes(1006);
  assert.deepEqual(l.connection.state, {
    kind: 'waiting',
    until: l.clock.now() + 250,
    code: 1006,
    reason: 'The connection broke.',
  });
  l.clock.advance(249);
  assert.equal(l.sockets.length, 1);
  l.clock.advance(1);
  assert.equal(l.sockets.length, 2);
});

test('waits stay under a doubling ceiling while the server is away', () => {
  const l = line(seeded(3));
  l.connection.connect();
  const ceilings = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
  const waits = ceilings.map((ceiling) => {
    l.socket().closes(1006);
    const state = l.connection.state;
    assert.ok(state.kind === 'waiting');
    const wait = state.until - l.clock.now();
    assert.ok(wait >= 0 && wait <= ceiling, `${wait} is not under ${ceiling}`);
    l.clock.advance(wait);
    return wait;
  });
  assert.equal(new Set(waits).size, waits.length, 'chance is in each of them');
});

test('a server that drops us right after welcome does not get a fresh backoff', () => {
  const l = line(() => 0.999);
  const waits = [];
  l.connection.connect();
  for (let i = 0; i < 4; i += 1) {
    l.socket().welcomes();
    l.clock.advance(1000);
    l.socket().closes(1011);
    const state = l.connection.state;
    assert.ok(state.kind === 'waiting');
    waits.push(state.until - l.clock.now());
    l.clock.advance(waits[i]);
  }
  assert.deepEqual(waits, [499, 999, 1998, 3996]);
});

test('a connection that held ten seconds starts the backoff afresh', () => {
  const l = line(() => 0.999);
  l.connection.connect();
  l.socket().closes(1006);
  l.clock.advance(499);
  l.socket().welcomes();
  l.clock.advance(10_000);
  l.socket().closes(1006);
  const state = l.connection.state;
  assert.ok(state.kind === 'waiting');
  assert.equal(state.until - l.clock.now(), 499);
});

for (const code of [4000, 4001, 4003, 4004, 4006, 4008]) {
  test(`${code} ends it: no timer is left to come back`, () => {
    const l = line();
    l.connection.connect();
    l.socket().welcomes();
    l.socket().says({ type: 'bye', code, reason: 'enough', reconnect: false });
    l.socket().closes(code, 'enough');
    const state = l.connection.state;
    assert.ok(state.kind === 'ended');
    assert.deepEqual([state.code, state.needs], [code, 'nothing']);
    assert.match(state.reason, /enough/);
    assert.equal(l.clock.pending, 0);
  });
}

test('41xx comes back, but not within two seconds', () => {
  const l = line(() => 0);
  l.connection.connect();
  l.socket().welcomes();
  l.socket().closes(4100, 'draining');
  l.clock.advance(1999);
  assert.equal(l.sockets.length, 1);
  l.clock.advance(1);
  assert.equal(l.sockets.length, 2);
});

test('42xx comes back at once, but not in a loop', () => {
  const l = line(() => 0.5);
  l.connection.connect();
  l.socket().welcomes();
  l.socket().closes(4200);
  l.clock.advance(0);
  assert.equal(l.sockets.length, 2);
  l.socket().welcomes();
  l.socket().closes(4200);
  l.clock.advance(0);
  assert.equal(l.sockets.length, 2, 'the second time in a row it waits');
  l.clock.advance(500);
  assert.equal(l.sockets.length, 3);
});

test('43xx stops and says that credentials are needed', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes();
  l.socket().closes(4300, 'token-expired');
  const state = l.connection.state;
  assert.ok(state.kind === 'ended');
  assert.equal(state.needs, 'credentials');
  assert.equal(l.clock.pending, 0);
});

test('an ended connection can be started again by hand', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes();
  l.socket().closes(4004);
  l.connection.connect();
  l.socket().welcomes();
  assert.equal(kind(l), 'online');
});

test('the bye of one connection is not held against the next', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes();
  l.socket().says({ type: 'bye', code: 4004, reason: 'kicked', reconnect: false });
  l.socket().closes(4004);
  l.connection.connect();
  l.socket().welcomes();
  l.socket().closes(1006);
  assert.equal(kind(l), 'waiting');
});

test('silence for the heartbeat is asked about, ten more seconds end it', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes(5);
  l.clock.advance(4_999);
  assert.deepEqual(l.socket().sent, []);
  l.clock.advance(1);
  assert.deepEqual(l.socket().sent, [{ type: 'ping' }]);
  l.clock.advance(9_999);
  assert.equal(kind(l), 'online');
  l.clock.advance(1);
  assert.equal(l.sockets[0].closedByPage, true);
  assert.equal(l.states.at(-2).code, 4201);
  assert.equal(l.sockets.length, 2, 'it comes back at once');
});

test('any message is a sign of life, before the ping and after it', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes(5);
  for (let i = 0; i < 10; i += 1) {
    l.clock.advance(4000);
    l.socket().says({ type: 'said' });
  }
  assert.deepEqual(l.socket().sent, []);
  l.clock.advance(5000);
  assert.equal(l.socket().sent.length, 1);
  l.clock.advance(9000);
  l.socket().says({ type: 'pong' });
  l.clock.advance(4999);
  assert.equal(kind(l), 'online');
  assert.equal(l.socket().sent.length, 1);
  l.clock.advance(1);
  assert.equal(l.socket().sent.length, 2, 'the watch goes on');
});

test('a late close event of a socket that was given up changes nothing', () => {
  const l = line(() => 0.5);
  l.connection.connect();
  const first = l.socket();
  first.welcomes(1);
  l.clock.advance(11_000);
  assert.equal(l.sockets.length, 2);
  l.socket().welcomes();
  first.closes(1006);
  assert.equal(kind(l), 'online');
});

test('the network coming back ends the wait', () => {
  const l = line(() => 0.999);
  l.connection.connect();
  for (const ceiling of [500, 1000, 2000, 4000]) {
    l.socket().closes(1006);
    l.clock.advance(ceiling);
  }
  l.socket().closes(1006);
  assert.equal(kind(l), 'waiting');
  l.connection.networkBack();
  assert.equal(l.sockets.length, 6);
  l.socket().welcomes();
  l.clock.advance(20_000);
  assert.equal(l.sockets.length, 6, 'the old wait does not open another socket');
});

test('the network going away asks the server at once', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes(25);
  l.connection.check();
  l.connection.check();
  assert.deepEqual(l.socket().sent, [{ type: 'ping' }], 'once is enough');
  l.clock.advance(10_000);
  assert.equal(l.sockets[0].closedByPage, true);
  assert.equal(l.states.at(-2).kind, 'waiting');
});

test('an address that the browser refuses ends it, with no timer left', () => {
  const l = line();
  l.connection.connect();
  l.socket().closes(1006);
  l.refuse(new SyntaxError('bad address'));
  l.connection.connect();
  const state = l.connection.state;
  assert.ok(state.kind === 'ended');
  assert.match(state.reason, /bad address/);
  assert.equal(l.clock.pending, 0);
});

test('nothing is sent, and nothing shown as sent, without an open socket', () => {
  const l = line();
  assert.equal(l.connection.send({ type: 'say' }), false);
  l.connection.connect();
  assert.equal(l.connection.send({ type: 'say' }), false);
  l.socket().welcomes();
  assert.equal(l.connection.send({ type: 'say' }), true);
  l.socket().readyState = 2;
  assert.equal(l.connection.send({ type: 'say' }), false);
  assert.equal(l.wire.filter((event) => event.kind === 'out').length, 1);
});

test('the wire hears what went by: frames as they were, and the close code', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes();
  l.connection.send({ type: 'ping' });
  l.socket().closes(4100, 'draining');
  assert.deepEqual(
    l.wire.map((event) => event.kind),
    ['note', 'in', 'out', 'note'],
  );
  assert.equal(l.wire[2].text, '{"type":"ping"}');
  assert.match(l.wire[0].text, /chat/);
  assert.match(l.wire[3].text, /4100.*draining/);
});

test('frames that are not JSON objects do no harm', () => {
  const l = line();
  l.connection.connect();
  l.socket().welcomes();
  l.socket().says('{not json');
  l.socket().says('[1]');
  l.socket().says('null');
  l.socket().says(new ArrayBuffer(3));
  assert.equal(kind(l), 'online');
  assert.deepEqual(
    l.messages.map((m) => m.type),
    ['welcome'],
  );
});

test('a heartbeat that makes no sense falls back to 25 seconds', () => {
  for (const heartbeat of [0, -1, 'x', undefined]) {
    const l = line();
    l.connection.connect();
    l.socket().opens();
    l.socket().says({ type: 'welcome', user: 'u', heartbeat });
    l.clock.advance(24_999);
    assert.deepEqual(l.socket().sent, []);
    l.clock.advance(1);
    assert.equal(l.socket().sent.length, 1);
  }
});
