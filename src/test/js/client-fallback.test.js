import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNEL, settled, whole } from './client-fake-server.js';
import { heard, offsets, outcome } from './client-fakes.js';
import { FakeClock } from './fakes.js';

const kind = (c) => c.board.state.kind;
const events = ({ path }) => path.endsWith('/events');
const messages = ({ path }) => path.endsWith('/messages');

/** What a browser keeps. */
class Storage {
  /** @type {Map<string, string>} */ kept = new Map();
  getItem(key) {
    return this.kept.get(key) ?? null;
  }
  setItem(key, value) {
    this.kept.set(key, value);
  }
  removeItem(key) {
    this.kept.delete(key);
  }
}

/** The events of a page. */
function page(onLine = true) {
  const window = new EventTarget();
  window.document = new EventTarget();
  window.document.visibilityState = 'visible';
  window.navigator = { onLine };
  return window;
}

const names = (c) =>
  c.states.filter(({ kind: state }) => state === 'online').map(({ transport }) => transport);

test('a WebSocket that is refused: server-sent events, at once', async () => {
  const c = await whole({ server: { upgrade: () => 'refused' } });
  await c.pass(0);
  assert.deepEqual(names(c), ['sse']);
  assert.equal(c.clock.now(), 1_000_000, 'without a wait');
});

test('a WebSocket that never opens: server-sent events after ten seconds', async () => {
  const c = await whole({ server: { upgrade: () => 'hangs' } });
  await c.pass(9_750);
  assert.equal(kind(c), 'connecting');
  await c.pass(250);
  assert.deepEqual(names(c), ['sse']);
});

test('a WebSocket that opens and says nothing is passed over', async () => {
  const c = await whole({ server: { upgrade: () => 'deaf' } });
  await c.pass(10_250);
  assert.deepEqual(names(c), ['sse']);
});

test('no WebSocket class, as in Node 20: server-sent events', async () => {
  const had = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  delete globalThis.WebSocket;
  try {
    const c = await whole({ WebSocket: undefined });
    await c.pass(0);
    assert.deepEqual(names(c), ['sse']);
    const none = await whole({ WebSocket: undefined, transports: ['websocket'] });
    assert.match(none.board.state.reason, /there is no WebSocket here/);
  } finally {
    if (had) Object.defineProperty(globalThis, 'WebSocket', had);
  }
});

test('a WebSocket that is cut right after opening, three times in a row', async () => {
  let openings = 0;
  const c = await whole({ server: { upgrade: () => ((openings += 1), 'opens') } });
  for (let i = 0; i < 3; i += 1) {
    assert.equal(c.board.state.transport, 'websocket', `the ${i + 1}. time`);
    c.server.cutSockets();
    await c.pass(2000);
  }
  assert.equal(openings, 3);
  assert.equal(c.board.state.transport, 'sse');
});

test('cuts of a WebSocket that held in between are no reason to leave it', async () => {
  const c = await whole();
  for (let i = 0; i < 10; i += 1) {
    await c.pass(11_000);
    c.server.tells({ type: 'ping' });
    await settled();
    c.server.cutSockets();
    await c.pass(2000);
    assert.equal(c.board.state.transport, 'websocket');
  }
});

test('failures count in a row only: one that held begins afresh', async () => {
  const c = await whole();
  for (let i = 0; i < 3; i += 1) {
    for (let soon = 0; soon < 2; soon += 1) {
      c.server.cutSockets();
      await c.pass(2000);
    }
    await c.pass(26_000);
    c.server.cutSockets();
    await c.pass(2000);
    assert.equal(c.board.state.transport, 'websocket');
  }
});

test('a stream that is held back by a proxy is passed over after five seconds', async () => {
  const c = await whole({
    server: { upgrade: () => 'refused', fate: (r) => (events(r) ? 'held' : undefined) },
  });
  const heardOnes = heard(c.board.subscribe(CHANNEL));
  await c.pass(4_750);
  assert.equal(kind(c), 'connecting', 'nothing is promised before the stream has spoken');
  await c.pass(500);
  assert.deepEqual(names(c), ['longpoll']);
  c.server.publish({ data: 1 });
  await c.pass(1000);
  assert.deepEqual(offsets(heardOnes), [1]);
  assert.equal(c.server.sessions.size, 1, 'the session of the stream was left');
});

test('a stream whose head is held back as well is passed over too', async () => {
  const c = await whole({
    server: { upgrade: () => 'refused', fate: (r) => (events(r) ? 'hangs' : undefined) },
  });
  await c.pass(5_500);
  assert.deepEqual(names(c), ['longpoll']);
});

test('a stream that is cut again and again right after opening is left', async () => {
  const c = await whole({ transports: ['sse', 'longpoll'] });
  for (let i = 0; i < 40 && c.board.state.transport === 'sse'; i += 1) {
    c.server.cutRequests();
    await c.pass(500);
  }
  await c.pass(1000);
  assert.equal(c.board.state.transport, 'longpoll');
});

test('a stream that is forbidden on the way is left, and not asked for again and again', async () => {
  const c = await whole({
    transports: ['sse', 'longpoll'],
    server: { fate: (r) => (events(r) ? { status: 403 } : undefined) },
  });
  await c.pass(1000);
  assert.equal(c.board.state.transport, 'longpoll');
  assert.equal(c.server.requests.filter(events).length, 1);
});

test('long polls that do not get through: plain polling', async () => {
  const long = (r) => messages(r) && r.query.wait !== '0';
  const c = await whole({
    server: {
      upgrade: () => 'refused',
      fate: (r) => (events(r) ? { status: 403 } : long(r) ? { status: 504 } : undefined),
    },
  });
  await c.pass(30_000);
  assert.equal(c.board.state.transport, 'polling');
});

for (const [status, ends] of [
  [401, 'ended'],
  [403, 'ended'],
  [429, 'waiting'],
  [503, 'waiting'],
]) {
  test(`${status} is no reason for another transport: each would get it`, async () => {
    const c = await whole({
      server: {
        // A browser does not tell the status of a refused upgrade.
        upgrade: () => 'refused',
        fate: () => ({ status, body: {}, headers: { 'Retry-After': '5' } }),
      },
    });
    await c.pass(0);
    assert.equal(kind(c), ends);
    assert.equal(c.server.requests.length, 1, 'one POST told why');
    if (ends === 'ended') return;
    c.server.upgrade = () => 'opens';
    await c.pass(5000);
    assert.deepEqual(names(c), ['websocket']);
  });
}

for (const [what, fate] of [
  ['refuses connections', 'refused'],
  // As Tomcat answers while a WAR is replaced.
  ['does not know the path', { status: 404, body: {} }],
]) {
  test(`a server that ${what} is away, which is no reason for another transport`, async () => {
    const c = await whole();
    await c.pass(60_000);
    c.server.upgrade = () => 'refused';
    c.server.fate = () => fate;
    c.server.dies();
    await c.pass(300_000);
    assert.equal(kind(c), 'waiting');
    const tried = c.states.filter(({ kind: state }) => state === 'connecting');
    const last = tried.map(({ transport }) => transport);
    assert.deepEqual([...new Set(last)], ['websocket', 'sse'], 'one POST finds out');
    c.server.upgrade = () => 'opens';
    c.server.fate = () => undefined;
    await c.pass(31_000);
    assert.deepEqual(names(c), ['websocket', 'websocket']);
  });
}

test('failures while the device says it is offline do not count', async () => {
  const window = page();
  const c = await whole({ page: window, storage: new Storage() });
  await c.pass(60_000);
  window.navigator.onLine = false;
  c.server.upgrade = () => 'refused';
  c.server.cutSockets();
  await c.pass(300_000);
  assert.equal(c.server.requests.length, 0);
  window.navigator.onLine = true;
  c.server.upgrade = () => 'opens';
  window.dispatchEvent(new Event('online'));
  await c.pass(1000);
  assert.deepEqual(names(c), ['websocket', 'websocket']);
});

for (const code of [4000, 4003, 4004, 4008]) {
  test(`a close with ${code} ends it, on whatever transport`, async () => {
    const c = await whole();
    c.server.cutSockets(code);
    await c.pass(10_000);
    assert.equal(kind(c), 'ended');
    assert.equal(c.server.requests.length, 0);
  });
}

test('what worked is remembered for the address, and not for ever', async () => {
  const storage = new Storage();
  const clock = new FakeClock();
  const upgrades = [];
  const options = {
    clock,
    storage,
    page: page(),
    server: { upgrade: ({ url }) => (upgrades.push(url), 'refused') },
  };
  const first = await whole(options);
  await first.pass(0);
  assert.equal(first.board.state.transport, 'sse');
  first.board.close();
  await first.pass(2_000_000);
  const second = await whole(options);
  await second.pass(0);
  assert.equal(second.board.state.transport, 'sse');
  assert.equal(upgrades.length, 1, 'the second did not try a WebSocket');
  second.board.close();
  assert.deepEqual([...storage.kept.keys()], ['switchboard http://test/chat']);
  await second.pass(1_700_000);
  const third = await whole({ ...options, server: {} });
  await third.pass(0);
  assert.equal(third.board.state.transport, 'websocket');
  assert.equal(storage.kept.size, 0, 'the best one needs no memory');
  third.board.close();
});

test('a storage that throws, or holds nonsense, does no harm', async () => {
  const storage = new Storage();
  for (const nonsense of ['{', '7', 'null', '{"name":"pigeon","at":1000000}']) {
    storage.setItem('switchboard http://test/chat', nonsense);
    const c = await whole({ storage });
    assert.equal(c.board.state.transport, 'websocket', nonsense);
    c.board.close();
  }
  const forbidden = () => {
    throw new DOMException('no', 'SecurityError');
  };
  const c = await whole({
    storage: { getItem: forbidden, setItem: forbidden, removeItem: forbidden },
    server: { upgrade: () => 'refused' },
  });
  await c.pass(0);
  assert.equal(c.board.state.transport, 'sse');
});

test('after five minutes it climbs back in the background, and nobody notices', async () => {
  const c = await whole({ server: { upgrade: () => 'refused' } });
  const room = c.board.subscribe(CHANNEL);
  const all = heard(room);
  await c.pass(1000);
  c.server.publish({ data: 1 });
  await c.pass(298_000);
  c.server.upgrade = () => 'opens';
  assert.equal(c.board.state.transport, 'sse');
  await c.pass(2000);
  assert.equal(c.board.state.transport, 'websocket');
  c.server.publish({ data: 2 });
  await c.pass(1000);
  assert.deepEqual(offsets(all), [1, 2]);
  assert.deepEqual(
    c.moves.map(({ from, to }) => [from, to]),
    [
      [null, 'sse'],
      ['sse', 'websocket'],
    ],
  );
  assert.ok(!c.states.some(({ kind: state }) => state === 'waiting' && state.until > 0));
  assert.equal(c.states.filter(({ kind: state }) => state === 'online').length, 2);
  assert.ok(!all.some(([type]) => type === 'reload' || type === 'gap'));
  assert.equal(c.server.sessions.size, 1, 'the old session was left');
});

test('a channel that keeps no history loses nothing by the move', async () => {
  const c = await whole({ server: { upgrade: () => 'refused' }, climbAfter: 60_000 });
  const all = heard(c.board.subscribe(CHANNEL));
  await c.pass(1000);
  c.server.publish({ data: 1 });
  c.server.trimmed = Infinity;
  c.server.upgrade = () => 'opens';
  await c.pass(61_000);
  assert.equal(c.board.state.transport, 'websocket');
  c.server.publish({ data: 2 });
  await c.pass(1000);
  assert.deepEqual(offsets(all), [1, 2]);
  assert.ok(!all.some(([type]) => type === 'reload'), 'the old line told everything');
});

test('climbing asks for a new address, and does not disturb where it fails', async () => {
  let asked = 0;
  const c = await whole({ server: { upgrade: () => 'refused' }, climbAfter: 60_000 });
  await c.pass(1000);
  const { session } = c.board.state;
  const tries = () => asked;
  c.server.upgrade = () => ((asked += 1), asked % 2 ? 'refused' : 'deaf');
  await c.pass(300_000);
  assert.ok(tries() >= 3 && tries() <= 5, `${tries()} tries`);
  assert.equal(c.board.state.session, session);
});

test('it climbs one step where the best does not work', async () => {
  const c = await whole({
    climbAfter: 60_000,
    server: {
      upgrade: () => 'refused',
      fate: (r) =>
        events(r) || (messages(r) && r.query.wait !== '0') ? { status: 500 } : undefined,
    },
  });
  await c.pass(60_000);
  assert.equal(c.board.state.transport, 'polling');
  c.server.fate = (r) => (events(r) ? 'held' : undefined);
  await c.pass(90_000);
  assert.equal(c.board.state.transport, 'longpoll');
  c.server.fate = () => undefined;
  await c.pass(90_000);
  assert.equal(c.board.state.transport, 'sse');
});

test('online tries the better transport at once', async () => {
  const window = page();
  const c = await whole({
    page: window,
    storage: new Storage(),
    server: { upgrade: () => 'refused' },
  });
  await c.pass(1000);
  c.server.upgrade = () => 'opens';
  window.dispatchEvent(new Event('online'));
  await c.pass(0);
  assert.equal(c.board.state.transport, 'websocket');
});

test('online tries the better transport also where there is no connection at the time', async () => {
  const window = page();
  const c = await whole({
    page: window,
    storage: new Storage(),
    server: { upgrade: () => 'refused' },
  });
  await c.pass(1000);
  c.server.fate = () => 'refused';
  c.server.cutRequests();
  await c.pass(60_000);
  assert.notEqual(kind(c), 'online');
  c.server.fate = () => undefined;
  c.server.upgrade = () => 'opens';
  window.dispatchEvent(new Event('online'));
  await c.pass(1000);
  assert.equal(c.board.state.transport, 'websocket');
});

test('what is published all the time does not keep it from moving', async () => {
  const c = await whole({ server: { upgrade: () => 'refused' }, climbAfter: 10_000 });
  await c.pass(9_000);
  c.server.upgrade = () => 'opens';
  const tried = new Set();
  // Each POST is answered the second time, so that there is always one under way.
  c.server.fate = ({ query, path }) => {
    if (!query.n || tried.has(path + query.n)) return undefined;
    tried.add(path + query.n);
    return 'lost';
  };
  const all = [];
  for (let i = 0; i < 40; i += 1) {
    all.push(c.board.publish(CHANNEL, i));
    await c.pass(250);
  }
  assert.equal(c.board.state.transport, 'websocket');
  assert.deepEqual(
    (await Promise.all(all)).map(({ offset }) => offset),
    all.map((_, i) => i + 1),
  );
});

test('what the old line said last does not end the new one', async () => {
  const c = await whole({ server: { upgrade: () => 'refused' }, climbAfter: 10_000 });
  await c.pass(9_000);
  c.server.upgrade = () => 'opens';
  c.server.tells({ type: 'bye', code: 4004, reason: '', reconnect: false });
  c.server.tells({ type: 'drain', after: 5000, within: 0 });
  await c.pass(2_000);
  assert.equal(c.board.state.transport, 'websocket');
  const { session } = c.board.state;
  await c.pass(10_000);
  assert.equal(c.board.state.session, session);
  c.server.cutSockets();
  await c.pass(2_000);
  assert.equal(kind(c), 'online');
});

test('it moves when nothing is under way: a guest is told the outcome of what it sent', async () => {
  const c = await whole({
    server: { upgrade: () => 'refused', guests: true },
    climbAfter: 60_000,
  });
  await c.pass(59_000);
  c.server.upgrade = () => 'opens';
  let slow = true;
  c.server.fate = ({ query }) => (query.n && slow ? 'lost' : undefined);
  const first = c.board.publish(CHANNEL, 1);
  await c.pass(2000);
  const second = c.board.publish(CHANNEL, 2);
  await c.pass(500);
  assert.equal(c.board.state.transport, 'sse', 'it waits for the answer');
  slow = false;
  await c.pass(3000);
  assert.equal(c.board.state.transport, 'websocket');
  assert.equal((await first).offset, 1);
  assert.equal((await second).offset, 2);
  assert.equal(c.server.log.length, 2);
});

test('where the better line ends while it waits, what was held back goes on', async () => {
  const c = await whole({ server: { upgrade: () => 'refused' }, climbAfter: 60_000 });
  await c.pass(59_000);
  c.server.upgrade = () => 'opens';
  let slow = true;
  c.server.fate = ({ query }) => (query.n && slow ? 'lost' : undefined);
  const first = c.board.publish(CHANNEL, 1);
  await c.pass(1500);
  const second = c.board.publish(CHANNEL, 2);
  c.server.upgrade = () => 'refused';
  c.server.cutSockets();
  slow = false;
  await c.pass(5000);
  assert.equal(c.board.state.transport, 'sse');
  assert.equal((await first).offset, 1);
  assert.equal((await second).offset, 2);
});

test('a page that is left says goodbye over HTTP, and comes back when it is shown again', async () => {
  const window = page();
  const c = await whole({ page: window, storage: new Storage(), transports: ['sse'] });
  const room = heard(c.board.subscribe(CHANNEL));
  await c.pass(1000);
  window.dispatchEvent(new Event('pagehide'));
  await settled();
  assert.equal(c.server.requests.at(-1).method, 'DELETE');
  assert.equal(c.server.sessions.size, 0);
  c.server.publish({ data: 1 });
  await c.pass(60_000);
  assert.equal(c.server.sessions.size, 0, 'it does not come back by itself');
  window.dispatchEvent(new Event('pageshow'));
  await c.pass(1000);
  assert.deepEqual(offsets(room), [1]);
});

test('a page that is left leaves a WebSocket to the browser', async () => {
  const window = page();
  const c = await whole({ page: window, storage: new Storage() });
  window.dispatchEvent(new Event('pagehide'));
  await settled();
  assert.equal(kind(c), 'online');
  assert.equal(c.server.sockets[0].closedWith, undefined);
});

test('a name that is no transport is named', async () => {
  await assert.rejects(
    whole({ transports: ['pigeon'] }),
    /transports: pigeon is none of websocket/,
  );
});

test('a better transport that says at once that it failed is left once', async () => {
  let openings = 0;
  const eager = {
    name: 'eager',
    binary: true,
    open: (url, listener) => {
      openings += 1;
      queueMicrotask(() => listener.closed(1006, ''));
      // As Node's own WebSocket, which tells of an error when it is closed before it opened.
      return { send() {}, close: () => listener.closed(1006, '') };
    },
  };
  const c = await whole({ transports: [eager, 'sse'], climbAfter: 60_000 });
  await c.pass(61_000);
  assert.equal(openings, 2);
  assert.equal(c.board.state.transport, 'sse');
});
