import assert from 'node:assert/strict';
import { test } from 'node:test';
import { began, client, heard, offsets, outcome, pub, settle, told } from './client-fakes.js';

const kind = (c) => c.board.state.kind;

/** A client that is online, with a subscription to room:a at offset 3. */
async function inRoom(options = {}, more = {}) {
  const c = await client(options);
  const room = c.board.subscribe('room:a');
  const events = heard(room);
  c.socket().connects({ subs: { 'room:a': began(3) }, ...more });
  return { ...c, room, events };
}

test('it offers superchat, and is online only after connected', async () => {
  const c = await client();
  assert.equal(c.socket().url, 'ws://test/chat');
  assert.deepEqual(c.socket().protocols, ['superchat']);
  c.socket().opens();
  assert.equal(kind(c), 'connecting');
  assert.deepEqual(c.socket().sent, [{ type: 'connect', id: 1 }]);
  c.socket().connects();
  assert.deepEqual(c.board.state, {
    kind: 'online',
    transport: 'websocket',
    session: 's1',
    user: 'ann',
  });
});

test('a name is given as it is, or asked for before each connection', async () => {
  const fixed = await client({ name: 'Ann' });
  fixed.socket().opens();
  assert.equal(fixed.socket().sent[0].name, 'Ann');
  /** @type {string | undefined} */ let name;
  const asked = await client({ name: () => name });
  asked.socket().connects();
  assert.equal('name' in asked.socket().sent[0], false);
  name = 'Bob';
  asked.socket().closes(4200);
  await asked.pass(250);
  asked.socket().opens();
  assert.equal(asked.socket().sent[0].name, 'Bob');
});

test('what stands around the transports sees their frames', async () => {
  /** @type {string[]} */ const seen = [];
  const c = await client({
    transports: ['websocket'],
    around: (/** @type {any} */ transport) => ({
      ...transport,
      open: (/** @type {string} */ url, /** @type {any} */ listener) => {
        const message = (/** @type {string} */ frame) => {
          seen.push(JSON.parse(frame).type);
          listener.message(frame);
        };
        const link = transport.open(url, { ...listener, message });
        const send = (/** @type {string} */ frame) => {
          seen.push(JSON.parse(frame).type);
          link.send(frame);
        };
        return { send, close: link.close };
      },
    }),
  });
  c.socket().connects();
  assert.deepEqual(seen, ['connect', 'connected']);
  assert.equal(kind(c), 'online');
});

test('the address may be http, relative to the page, or asked for each time', async () => {
  assert.equal(
    (await client({ url: 'https://h/x/chat?ticket=1' })).socket().url,
    'wss://h/x/chat?ticket=1',
  );
  let n = 0;
  const c = await client({ url: async () => `ws://h/chat?ticket=${++n}` });
  c.socket().closes(1006);
  await c.pass(250);
  assert.deepEqual(
    c.sockets.map(({ url }) => url),
    ['ws://h/chat?ticket=1', 'ws://h/chat?ticket=2'],
  );
});

test('without connected within ten seconds it is given up and tried again', async () => {
  const c = await client();
  c.socket().opens();
  await c.pass(9_999);
  assert.equal(kind(c), 'connecting');
  await c.pass(1);
  assert.equal(kind(c), 'waiting');
  assert.notEqual(c.sockets[0].closedWith, null);
});

test('many subscriptions and their positions go in one connect', async () => {
  const c = await inRoom();
  c.board.subscribe('room:b');
  await settle();
  const { id } = c.socket().ofType('subscribe')[0];
  c.socket().says({ type: 'subscribed', re: id, channel: 'room:b', ...began(9) });
  c.socket().says(told('room:a', 4));
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().opens();
  assert.deepEqual(c.socket().sent[0].subs, {
    'room:a': { epoch: 'e1', offset: 4 },
    'room:b': { epoch: 'e1', offset: 9 },
  });
});

test('what was told before is not told again, and order is that of the log', async () => {
  const c = await inRoom();
  for (const offset of [3, 4, 4, 5, 2, 6]) c.socket().says(told('room:a', offset));
  c.socket().closes(1006);
  await c.pass(250);
  const publications = [pub(6), pub(7)];
  c.socket().connects({ subs: { 'room:a': began(7, { recovered: true, publications }) } });
  c.socket().says([told('room:a', 7), told('room:a', 8)]);
  assert.deepEqual(offsets(c.events), [4, 5, 6, 7, 8]);
  assert.deepEqual(
    c.events.filter(([type]) => type === 'reload' || type === 'gap'),
    [],
  );
});

test('recovered: false is told as reload, and the position is the new one', async () => {
  const c = await inRoom();
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().connects({ subs: { 'room:a': began(2, { epoch: 'e2', recovered: false }) } });
  assert.deepEqual(c.events.slice(1), [
    [
      'subscribed',
      { epoch: 'e2', offset: 2, recovered: false, presence: undefined, read: undefined },
    ],
    ['reload', { epoch: 'e2', offset: 2 }],
  ]);
  c.socket().says(told('room:a', 3));
  assert.deepEqual(offsets(c.events), [3]);
  assert.deepEqual(c.room.position, { epoch: 'e2', offset: 3 });
});

test('a gap is told once, by the server or where offsets are missing', async () => {
  const c = await inRoom();
  c.socket().says([{ type: 'gap', channel: 'room:a', from: 4, to: 6 }, told('room:a', 7)]);
  c.socket().says({ type: 'gap', channel: 'room:a', from: 2, to: 5 });
  c.socket().says(told('room:a', 9));
  assert.deepEqual(
    c.events.slice(1).map(([type, detail]) => [type, detail.offset ?? detail]),
    [
      ['gap', { from: 4, to: 6, told: true }],
      ['publication', 7],
      ['gap', { from: 8, to: 8, told: false }],
      ['publication', 9],
    ],
  );
});

test('what is ephemeral has no place and is told each time', async () => {
  const c = await inRoom();
  const typing = { type: 'publication', channel: 'room:a', at: '', data: 'typing' };
  c.socket().says([typing, typing]);
  assert.deepEqual(offsets(c.events), [undefined, undefined]);
  assert.equal(c.room.position.offset, 3);
});

test('bytes come and go as Uint8Array', async () => {
  const c = await inRoom();
  const seen = [];
  c.room.addEventListener('publication', ({ detail }) => seen.push(detail.data));
  const header = Buffer.from('{"type":"publication","channel":"room:a","offset":4,"at":""}');
  const frame = Buffer.concat([
    Buffer.from([0, 0, 0, header.length]),
    header,
    Buffer.from([0, 255]),
  ]);
  c.socket().says(new Uint8Array(frame).buffer);
  c.socket().says({ ...told('room:a', 5, 'AP8H'), encoding: 'base64' });
  assert.deepEqual(seen, [new Uint8Array([0, 255]), new Uint8Array([0, 255, 7])]);
  const mine = new Uint16Array([258]);
  const promise = c.room.publish(mine);
  mine[0] = 0;
  await settle();
  const [sent] = c.socket().ofType('publish');
  assert.deepEqual(sent.data, new Uint8Array([2, 1]), 'as it was when it was published');
  c.socket().says({ type: 'published', re: sent.id, offset: 6, epoch: 'e1', at: 'now' });
  assert.deepEqual(await promise, { offset: 6, epoch: 'e1', at: 'now' });
});

test('a transport without bytes gets Base64', async () => {
  const sent = [];
  const transport = {
    name: 'text',
    binary: false,
    open: (_, listener) => {
      queueMicrotask(() => {
        listener.opened();
        listener.message('{"type":"connected","re":1,"session":"s","user":"u","heartbeat":25}');
      });
      return { send: (frame) => sent.push(JSON.parse(frame)), close() {} };
    },
  };
  const c = await client({ transports: [transport] });
  c.board.publish('room:a', new Uint8Array([0, 255, 7]), { key: false });
  await settle();
  assert.deepEqual(sent[1], {
    type: 'publish',
    id: 2,
    channel: 'room:a',
    data: 'AP8H',
    encoding: 'base64',
  });
});

test('an iterator gives each publication and is done when it is unsubscribed', async () => {
  const c = await inRoom();
  const seen = [];
  const reading = (async () => {
    for await (const { offset } of c.room) seen.push(offset);
    return 'done';
  })();
  c.socket().says([told('room:a', 4), told('room:a', 5)]);
  await settle();
  c.room.unsubscribe();
  assert.equal(await reading, 'done');
  assert.deepEqual(seen, [4, 5]);
  assert.equal(c.socket().ofType('unsubscribe').length, 1);
  c.socket().says(told('room:a', 6));
  assert.deepEqual(offsets(c.events), [4, 5]);
});

test('events() tells a reload between publications; a break ends it', async () => {
  const c = await inRoom();
  const seen = [];
  const reading = (async () => {
    for await (const { type } of c.room.events()) {
      seen.push(type);
      if (seen.length === 4) break;
    }
  })();
  c.socket().says(told('room:a', 4));
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().connects({ subs: { 'room:a': began(1, { epoch: 'e2', recovered: false }) } });
  c.socket().says(told('room:a', 2));
  await reading;
  assert.deepEqual(seen, ['publication', 'subscribed', 'reload', 'publication']);
});

test('an iterator that is not read is ended and not filled without end', async () => {
  const c = await inRoom();
  const iterator = c.room[Symbol.asyncIterator]();
  for (let offset = 4; offset < 10_010; offset += 1) c.socket().says(told('room:a', offset));
  for (let i = 0; i <= 10_000; i += 1) await iterator.next();
  await assert.rejects(iterator.next(), { code: 'slow-consumer' });
});

test('presence counts sessions: who came back in place of another is there once', async () => {
  const c = await client();
  const room = c.board.subscribe('room:a', { presence: true });
  const events = heard(room);
  c.socket().connects();
  await settle();
  const [{ id, presence }] = c.socket().ofType('subscribe');
  assert.equal(presence, true);
  const member = (session, user = 'bob') => ({ session, user, at: '' });
  const list = [member('b1'), member('b2'), member('a1', 'ann')];
  c.socket().says({
    type: 'subscribed',
    re: id,
    channel: 'room:a',
    ...began(0, { presence: list }),
  });
  const says = (type, who) => c.socket().says({ type, channel: 'room:a', ...who });
  says('joined', member('a1', 'ann'));
  says('left', member('b9'));
  assert.deepEqual(
    room.users.map(({ user, sessions }) => [user, sessions]),
    [
      ['bob', 1],
      ['ann', 1],
    ],
  );
  says('left', member('b8'));
  says('left', member('b7'));
  assert.deepEqual(
    room.users.map(({ user }) => user),
    ['ann'],
  );
  says('joined', member('b3'));
  assert.deepEqual(
    events.slice(1).map(([type, { session, sessions }]) => [type, session, sessions]),
    [
      ['left', 'b9', 1],
      ['left', 'b8', 0],
      ['left', 'b7', 0],
      ['joined', 'b3', 1],
    ],
  );
});

test('presence is asked for again after a cut, since the position', async () => {
  const c = await client();
  c.board.subscribe('room:a', { presence: true });
  c.socket().connects();
  await settle();
  c.socket().says({ type: 'subscribed', re: 2, channel: 'room:a', ...began(5, { presence: [] }) });
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().connects();
  await settle();
  assert.equal(c.socket().sent[0].subs, undefined);
  const [{ since, presence }] = c.socket().ofType('subscribe');
  assert.deepEqual([since, presence], [{ epoch: 'e1', offset: 5 }, true]);
});

test('a subscription is asked for again where the server says so, and ended where not', async () => {
  const c = await inRoom();
  const end = { type: 'unsubscribed', channel: 'room:a', reason: 'log out of reach' };
  c.socket().says({ ...end, code: 'unavailable', resubscribe: true });
  assert.equal(c.room.state, 'pending');
  await c.pass(500);
  const [{ id, since }] = c.socket().ofType('subscribe');
  assert.deepEqual(since, { epoch: 'e1', offset: 3 });
  c.socket().says({
    type: 'subscribed',
    re: id,
    channel: 'room:a',
    ...began(3, { recovered: true }),
  });
  assert.equal(c.room.state, 'subscribed');
  c.socket().says({ ...end, code: 'forbidden', resubscribe: false });
  assert.equal(c.room.state, 'ended');
  assert.equal(c.events.at(-1)[1].error.code, 'forbidden');
  await c.pass(60_000);
  assert.equal(c.sockets[0].ofType('subscribe').length, 1);
});

test('a refused channel in connected ends that one alone', async () => {
  const c = await client();
  const bad = heard(c.board.subscribe('nowhere:x'));
  const good = c.board.subscribe('room:a');
  const refusal = { code: 'unknown-channel', message: 'no', retry: false };
  c.socket().connects({ subs: { 'nowhere:x': refusal, 'room:a': began(0) } });
  assert.equal(bad[0][1].error.code, 'unknown-channel');
  assert.equal(good.state, 'subscribed');
});

test('an iterator of a refused channel throws why', async () => {
  const c = await client();
  const next = c.board.subscribe('nowhere:x')[Symbol.asyncIterator]().next();
  const refusal = { code: 'unknown-channel', message: 'no', retry: false };
  c.socket().connects({ subs: { 'nowhere:x': refusal } });
  await assert.rejects(next, { code: 'unknown-channel' });
});

test('a subscription refused for now waits as long as the server says', async () => {
  const c = await client({ random: () => 0 });
  const room = c.board.subscribe('room:a');
  const refusal = { code: 'rate-limited', message: 'no', retry: true, retryAfter: 3000 };
  c.socket().connects({ subs: { 'room:a': refusal } });
  await c.pass(2999);
  assert.equal(c.socket().ofType('subscribe').length, 0);
  await c.pass(1);
  assert.equal(c.socket().ofType('subscribe').length, 1);
  assert.equal(room.state, 'pending');
});

test('unsubscribed before the answer to connect: the server is told to stop', async () => {
  const c = await client();
  const room = c.board.subscribe('room:a');
  c.socket().opens();
  room.unsubscribe();
  c.socket().connects({ subs: { 'room:a': began(3) } });
  assert.equal(c.socket().ofType('unsubscribe').length, 1);
});

test('subscribing again at once does not hear the old subscription', async () => {
  const c = await inRoom();
  c.room.unsubscribe();
  const again = c.board.subscribe('room:a');
  const events = heard(again);
  await settle();
  c.socket().says(told('room:a', 4));
  assert.deepEqual(events, []);
  const [{ id }] = c.socket().ofType('subscribe');
  c.socket().says({ type: 'subscribed', re: id, channel: 'room:a', ...began(4) });
  c.socket().says(told('room:a', 5));
  assert.deepEqual(offsets(events), [5]);
});

test('the own channel of a user is there unasked, and is recovered after a cut', async () => {
  const c = await client();
  const given = [];
  c.board.addEventListener('subscription', ({ detail }) => given.push(detail));
  c.socket().connects({ subs: { 'user:ann': began(7) } });
  assert.equal(given[0].channel, 'user:ann');
  assert.equal(c.board.subscribe('user:ann'), given[0]);
  await settle();
  assert.equal(c.socket().ofType('subscribe').length, 0);
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().opens();
  assert.deepEqual(c.socket().sent[0].subs, { 'user:ann': { epoch: 'e1', offset: 7 } });
});

test('what the application on the server gave is heard, and holds for the session', async () => {
  const c = await client();
  const given = [];
  c.board.addEventListener('subscription', ({ detail }) => given.push(detail));
  c.socket().connects();
  c.socket().says({ type: 'subscribed', channel: 'orders:7', ...began(1) });
  const events = heard(given[0]);
  c.socket().says(told('orders:7', 2));
  assert.deepEqual(offsets(events), [2]);
  c.socket().closes(1006);
  assert.equal(given[0].state, 'ended');
  await c.pass(250);
  c.socket().opens();
  assert.equal(c.socket().sent[0].subs, undefined);
});

test('the read marker goes up only, and again after a cut that may have eaten it', async () => {
  const c = await inRoom();
  c.socket().says(told('room:a', 4));
  c.board.ack('room:a');
  c.room.ack(2);
  assert.deepEqual(c.socket().ofType('ack'), [{ type: 'ack', channel: 'room:a', offset: 4 }]);
  assert.equal(c.room.read, 4);
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().connects({ subs: { 'room:a': began(4, { recovered: true, read: 3 }) } });
  assert.equal(c.socket().ofType('ack').length, 1);
  c.socket().closes(1006);
  await c.pass(500);
  c.socket().connects({ subs: { 'room:a': began(4, { recovered: true, read: 4 }) } });
  assert.equal(c.socket().ofType('ack').length, 0);
});

test('history and presence are promises, asked again after a cut', async () => {
  const c = await inRoom();
  const history = c.room.history({ limit: 5 });
  const presence = c.board.presence('room:a');
  await settle();
  c.socket().closes(1006);
  await c.pass(250);
  c.socket().connects({ subs: { 'room:a': began(3, { recovered: true }) } });
  await settle();
  const [asked] = c.socket().ofType('history');
  c.socket().says({
    type: 'presence',
    re: c.socket().ofType('presence')[0].id,
    channel: 'room:a',
    members: [],
  });
  c.socket().says({
    type: 'history',
    re: asked.id,
    channel: 'room:a',
    ...began(3, { publications: [pub(3)] }),
  });
  assert.deepEqual((await history).publications, [pub(3)]);
  assert.deepEqual(await presence, []);
});

test('an error that belongs to nothing is told', async () => {
  const c = await inRoom();
  c.socket().says({ type: 'error', code: 'internal', message: 'x', retry: true });
  assert.deepEqual(c.errors, ['internal']);
});

test('close() says goodbye, ends all and leaves no timer', async () => {
  const c = await inRoom();
  const waiting = c.board.publish('room:a', 1, { key: 'k' });
  const next = c.room[Symbol.asyncIterator]().next();
  await settle();
  c.board.close();
  assert.equal(c.socket().closedWith, 1000);
  assert.equal(kind(c), 'closed');
  assert.equal(await outcome(waiting), 'outcome-unknown');
  assert.equal((await next).done, true);
  assert.equal(c.clock.pending, 0);
  assert.equal(await outcome(c.board.publish('room:a', 1)), 'closed');
  assert.throws(() => c.board.subscribe('room:b'), { code: 'closed' });
  c.board.connect();
  await settle();
  assert.equal(c.sockets.length, 1);
});

test('a handler that closes in the middle of a batch hears no more of it', async () => {
  const c = await inRoom();
  c.room.addEventListener('publication', () => c.board.close());
  c.socket().says([told('room:a', 4), told('room:a', 5)]);
  assert.deepEqual(offsets(c.events), [4]);
});

test('wrong arguments are named', async () => {
  const c = await inRoom();
  assert.throws(() => c.board.subscribe('lobby'), /channel: expected namespace:name/);
  assert.throws(() => c.board.subscribe('room:a', { presence: true }), /options/);
  await assert.rejects(c.board.publish('room:a', undefined), /data: expected/);
  assert.throws(() => c.room.ack(-1), /offset/);
  assert.throws(() => c.board.ack('room:z', 1), { code: 'not-subscribed' });
});
