import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNEL, settled, whole } from './client-fake-server.js';
import { heard, offsets, outcome } from './client-fakes.js';

const HTTP = ['sse', 'longpoll', 'polling'];
const ALL = ['websocket', ...HTTP];
const kind = (c) => c.board.state.kind;
const posts = (c) => c.server.requests.filter(({ method, query }) => method === 'POST' && query.n);
const on = (transport, more) => whole({ transports: [transport], ...more });

for (const transport of ALL) {
  test(`${transport}: subscribes, publishes, hears, asks for history`, async () => {
    const c = await on(transport);
    const room = c.board.subscribe(CHANNEL);
    const events = heard(room);
    await c.pass(1000);
    assert.equal(c.board.state.transport, transport);
    const published = c.board.publish(CHANNEL, 'a');
    c.server.publish({ data: 'b' });
    await c.pass(2000);
    assert.equal((await published).epoch, 'e1');
    assert.deepEqual(offsets(events), [1, 2]);
    const history = room.history();
    await c.pass(1000);
    assert.equal((await history).publications.length, 2);
    assert.deepEqual(c.moves, [{ from: null, to: transport }]);
    assert.deepEqual(c.errors, []);
  });

  test(`${transport}: bytes are bytes in both directions`, async () => {
    const c = await on(transport);
    const events = heard(c.board.subscribe(CHANNEL));
    await c.pass(1000);
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    c.board.publish(CHANNEL, bytes);
    await c.pass(2000);
    assert.equal(c.server.log[0].encoding, 'base64');
    const { data } = events.at(-1)[1];
    assert.ok(data instanceof Uint8Array);
    assert.deepEqual(data, bytes);
  });

  test(`${transport}: an hour without a word is no reason to come back`, async () => {
    const c = await on(transport);
    await c.pass(1000);
    const { session } = c.board.state;
    await c.pass(3_600_000);
    assert.equal(c.board.state.session, session);
  });

  test(`${transport}: close() says goodbye and leaves no timer`, async () => {
    const c = await on(transport);
    await c.pass(1000);
    c.board.close();
    await settled();
    assert.equal(c.server.sessions.size, 0);
    if (transport !== 'websocket') assert.equal(c.server.requests.at(-1).method, 'DELETE');
    await c.pass(30_000);
    assert.equal(c.clock.pending, 0);
  });
}

for (const transport of HTTP) {
  test(`${transport}: the secret goes in a header and never in an address`, async () => {
    const c = await on(transport);
    await c.pass(3000);
    c.board.publish(CHANNEL, 1);
    await c.pass(1000);
    const [first, ...others] = c.server.requests;
    assert.equal(first.headers.Authorization, undefined);
    assert.ok(others.length > 1);
    for (const { headers, path, query } of others) {
      assert.equal(headers.Authorization, 'Bearer secret');
      assert.ok(!JSON.stringify([path, query]).includes('secret'));
    }
  });

  test(`${transport}: one POST at a time, and what piles up meanwhile goes together`, async () => {
    const c = await on(transport);
    await c.pass(1000);
    let hold = true;
    c.server.fate = ({ method }) => (method === 'POST' && hold ? 'hangs' : undefined);
    for (let i = 0; i < 5; i += 1) c.board.publish(CHANNEL, i);
    await c.pass(1000);
    assert.equal(posts(c).length, 1);
    hold = false;
    await c.pass(10_000);
    const [first, again, rest] = posts(c);
    assert.deepEqual([first.query.n, again.query.n, rest.query.n], ['1', '1', '2']);
    assert.equal(first.body, again.body);
    assert.deepEqual(
      JSON.parse(rest.body).map(({ data }) => data),
      [1, 2, 3, 4],
    );
    assert.deepEqual(
      c.server.log.map(({ data }) => data),
      [0, 1, 2, 3, 4],
    );
  });

  test(`${transport}: no more goes together than one message may hold`, async () => {
    const c = await on(transport, { server: { limit: 1000 } });
    await c.pass(1000);
    for (let i = 0; i < 20; i += 1) c.board.publish(CHANNEL, 'x'.repeat(100));
    await c.pass(1000);
    assert.equal(c.server.log.length, 20);
    for (const { body } of posts(c)) assert.ok(body.length <= 1000);
    assert.equal(
      await outcome(c.board.publish(CHANNEL, new Uint8Array(800))),
      'too-large',
      'as Base64 it is',
    );
  });

  test(`${transport}: an answer that was lost is asked for again by its number`, async () => {
    const c = await on(transport, { server: { guests: true } });
    await c.pass(1000);
    let lose = 2;
    c.server.fate = ({ query }) => (query.n && lose-- > 0 ? 'lost' : undefined);
    const published = c.board.publish(CHANNEL, 'once', { key: false });
    await c.pass(5000);
    assert.deepEqual((await published).offset, 1);
    assert.equal(c.server.log.length, 1);
    assert.equal(new Set(posts(c).map(({ query }) => query.n)).size, 1);
    assert.equal(posts(c).length, 3);
  });

  test(`${transport}: a ping is answered by a POST that acknowledges it`, async () => {
    const c = await on(transport);
    await c.pass(27_000);
    const [{ body, query }] = posts(c);
    assert.deepEqual(JSON.parse(body), { type: 'pong' });
    assert.equal(query.after, '1');
  });

  test(`${transport}: what comes before the answer to subscribe is held, and told after it`, async () => {
    const c = await on(transport);
    await c.pass(1000);
    const room = c.board.subscribe(CHANNEL, { presence: true });
    const events = heard(room);
    let held = true;
    c.server.fate = ({ query }) => (query.n && held ? 'lost' : undefined);
    await settled();
    c.server.publish({ data: 1 });
    c.server.publish({ data: 2 });
    c.server.tells({ type: 'publication', channel: CHANNEL, at: '', data: 'typing' });
    await c.pass(1500);
    assert.deepEqual(events, []);
    held = false;
    await c.pass(2000);
    assert.deepEqual(
      events.map(([type, { data }]) => [type, data]),
      [
        ['subscribed', undefined],
        ['publication', 1],
        ['publication', 2],
        ['publication', 'typing'],
      ],
    );
  });

  test(`${transport}: 410 makes a new session, which recovers`, async () => {
    const c = await on(transport);
    const room = c.board.subscribe(CHANNEL);
    const events = heard(room);
    await c.pass(1000);
    c.server.publish({ data: 1 });
    await c.pass(2000);
    c.server.dies();
    c.server.publish({ data: 2 });
    await c.pass(3000);
    assert.equal(kind(c), 'online');
    assert.equal(c.board.state.transport, transport);
    c.server.publish({ data: 3 });
    await c.pass(2000);
    assert.deepEqual(offsets(events), [1, 2, 3]);
    assert.equal(events.filter(([type]) => type === 'reload').length, 0);
  });

  test(`${transport}: a short time without network does not end the session`, async () => {
    const c = await on(transport, { server: { guests: true } });
    const events = heard(c.board.subscribe(CHANNEL));
    await c.pass(1000);
    c.server.fate = () => 'refused';
    c.server.cutRequests('id: 1\ndata: {"type"');
    c.server.publish({ data: 1 });
    await c.pass(3000);
    c.server.fate = () => undefined;
    await c.pass(5000);
    assert.deepEqual(offsets(events), [1]);
    assert.equal(c.server.opened, 1);
    assert.equal(c.states.filter(({ kind: state }) => state === 'waiting').length, 0);
  });

  test(`${transport}: a long time without network is told, and recovered from`, async () => {
    const c = await on(transport);
    const events = heard(c.board.subscribe(CHANNEL));
    await c.pass(1000);
    c.server.fate = () => 'refused';
    c.server.cutRequests();
    c.server.publish({ data: 1 });
    await c.pass(40_000);
    assert.notEqual(kind(c), 'online');
    c.server.fate = () => undefined;
    await c.pass(40_000);
    assert.equal(kind(c), 'online');
    assert.deepEqual(offsets(events), [1]);
  });

  for (const [status, code, retry] of [
    [429, 4104, true],
    [503, 4104, true],
    [400, 4000, false],
    [403, 4000, false],
  ]) {
    test(`${transport}: a session refused with ${status} ${retry ? 'waits' : 'ends'}`, async () => {
      const headers = { 'Retry-After': '7' };
      const body = { title: 'No', detail: 'enough' };
      const c = await on(transport, {
        random: () => 0,
        server: { fate: () => ({ status, headers, body }) },
      });
      assert.equal(kind(c), retry ? 'waiting' : 'ended');
      assert.deepEqual([c.board.state.code, c.board.state.reason], [code, 'enough']);
      if (retry) assert.equal(c.board.state.until - c.clock.now(), 7000);
    });
  }

  test(`${transport}: 401 asks for another token, and is over the second time`, async () => {
    const asked = [];
    const c = await on(transport, {
      token: (why) => `t${asked.push(why)}`,
      server: { fate: () => ({ status: 401, body: {} }) },
    });
    await c.pass(5000);
    assert.deepEqual(asked, ['connect', 'refused']);
    assert.equal(c.board.state.needs, 'credentials');
    assert.deepEqual(
      c.server.requests.map(({ body }) => JSON.parse(body).token),
      ['t1', 't2'],
    );
  });

  test(`${transport}: bye, with the code that counts, and drain`, async () => {
    const c = await on(transport);
    await c.pass(1000);
    c.server.tells({ type: 'drain', after: 1000, within: 1000 });
    await c.pass(2500);
    assert.equal(c.server.opened, 2, 'half the window later it came back');
    c.server.tells({ type: 'bye', code: 4004, reason: 'kicked', reconnect: false });
    await c.pass(1000);
    c.server.dies();
    await c.pass(3000);
    const { code, reason } = c.board.state;
    assert.deepEqual([kind(c), code, reason], ['ended', 4004, 'kicked']);
  });

  for (const code of [4300, 4301]) {
    test(`${transport}: ${code} asks for another token and recovers with it`, async () => {
      const asked = [];
      const c = await on(transport, { token: (why) => `t${asked.push(why)}` });
      const events = heard(c.board.subscribe(CHANNEL));
      await c.pass(3000);
      c.server.tells({ type: 'bye', code, reason: 'over', reconnect: true });
      for (const session of c.server.sessions) c.server.ends(session);
      c.server.cutRequests();
      c.server.publish({ data: 1 });
      await c.pass(5000);
      assert.deepEqual(asked, ['connect', 'expired']);
      assert.deepEqual(offsets(events), [1]);
      const hellos = c.server.commands.filter(({ type }) => type === 'connect');
      assert.deepEqual(
        hellos.map(({ token }) => token),
        ['t1', 't2'],
      );
      assert.equal(kind(c), 'online');
    });
  }

  test(`${transport}: an address with a ticket is asked for again when the ticket is refused`, async () => {
    let tickets = 0;
    const c = await on(transport, {
      url: async () => `http://test/chat?ticket=${(tickets += 1)}`,
      server: { fate: ({ query }) => (query.ticket === '1' ? { status: 401 } : undefined) },
    });
    await c.pass(1000);
    assert.equal(kind(c), 'online');
    assert.equal(tickets, 2);
    assert.ok(c.server.requests.slice(2).every(({ query }) => query.ticket === undefined));
  });

  test(`${transport}: an expiring token is renewed in the session`, async () => {
    const asked = [];
    const c = await on(transport, { token: (why) => `t${asked.push(why)}` });
    await c.pass(1000);
    c.server.tells({ type: 'expiring', in: 30 });
    await c.pass(2000);
    assert.deepEqual(asked, ['connect', 'expired']);
    assert.equal(c.server.commands.at(-1).type, 'refresh');
    assert.equal(c.server.commands.at(-1).token, 't2');
  });

  test(`${transport}: a POST that somebody on the way refuses rejects what was in it`, async () => {
    const c = await on(transport);
    await c.pass(1000);
    c.server.fate = ({ query }) => (query.n ? { status: 413 } : undefined);
    const published = c.board.publish(CHANNEL, 1);
    const rejected = assert.rejects(published, /answered with 413/);
    await c.pass(1000);
    await rejected;
    assert.equal(kind(c), 'online');
  });
}

for (const transport of HTTP) {
  test(`${transport}: the last word counts, also where a POST hears first that it is over`, async () => {
    const c = await on(transport);
    await c.pass(3000);
    c.server.fate = ({ method }) => (method === 'GET' ? 'refused' : undefined);
    c.server.cutRequests();
    await c.pass(250);
    c.server.tells({ type: 'bye', code: 4004, reason: 'kicked', reconnect: false });
    for (const session of c.server.sessions) c.server.ends(session);
    const unknown = c.board.publish(CHANNEL, 1).catch(({ code }) => code);
    await c.pass(500);
    assert.equal(posts(c).length, 1, JSON.stringify(c.server.requests.slice(-6)));
    c.server.fate = () => undefined;
    await c.pass(5000);
    assert.deepEqual([kind(c), c.board.state.code], ['ended', 4004]);
    assert.equal(await unknown, 'outcome-unknown');
  });
}

test('a stream that ends goes on where it was, and what is told twice is heard once', async () => {
  const c = await on('sse');
  const events = heard(c.board.subscribe(CHANNEL));
  await c.pass(3000);
  c.server.publish({ data: 1 });
  await settled();
  c.server.cutRequests();
  c.server.publish({ data: 2 });
  await c.pass(3000);
  const again = c.server.requests.filter(({ path }) => path.endsWith('/events'));
  assert.deepEqual(
    again.map(({ query }) => query.after),
    ['0', '1'],
  );
  assert.deepEqual(offsets(events), [1, 2]);
});

test('plain polling asks as often as it was told to', async () => {
  const c = await on('polling', { pollInterval: 500 });
  await c.pass(10_000);
  const polls = c.server.requests.filter(({ path }) => path.endsWith('/messages'));
  assert.ok(polls.length >= 18 && polls.length <= 21, `${polls.length} in 10 s`);
  assert.ok(polls.every(({ query }) => query.wait === '0'));
});

test('long polls that are answered at once with nothing do not become a storm', async () => {
  const empty = { status: 200, body: { next: 0, messages: [] } };
  const c = await on('longpoll', {
    server: { fate: ({ path }) => (path.endsWith('/messages') ? empty : undefined) },
  });
  await c.pass(10_000);
  const polls = c.server.requests.filter(({ path }) => path.endsWith('/messages'));
  assert.ok(polls.length <= 11, `${polls.length} in 10 s`);
});
