// @ts-check
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import { after, describe, test } from 'node:test';
import { Events, HttpSession } from './session.js';
import { BINARY, Socket, TEXT, authority, fetched, origin } from './socket.js';
import { direct, proxies, refusing, tomcat } from './targets.js';

/** @typedef {import('./socket.js').Target} Target */

const SILENCE = 75_000;
/** An event that waits in a buffer comes with the next comment, after 15 s, or never. */
const AT_ONCE = 10_000;
const KEY = { Authorization: `Bearer ${process.env.SWITCHBOARD_API_KEY}` };

let rooms = 0;
const room = () => `r${(rooms += 1)}-${process.pid}`;

/**
 * @param {Target} target
 * @param {string} name
 * @param {string} [into] a room to join
 */
async function chat(target, name, into) {
  const socket = await Socket.open(target, { protocol: 'chat', origin: origin(target) });
  await socket.hears('welcome');
  if (into) {
    socket.say({ type: 'join', room: into, name });
    await socket.hears('joined');
  }
  return socket;
}

/**
 * @param {Target} target
 * @param {string} [channel] to subscribe to
 */
async function superchat(target, channel) {
  const socket = await Socket.open(target, { protocol: 'superchat', origin: origin(target) });
  socket.say({ type: 'connect', id: 1 });
  await socket.hears('connected');
  if (channel) {
    socket.say({ type: 'subscribe', id: 2, channel });
    await socket.hears('subscribed');
  }
  return socket;
}

/**
 * Publishes one message after the other, each when the one before it has come down the stream.
 *
 * @param {import('node:test').TestContext} t
 * @param {Target} target
 * @param {HttpSession} session
 * @param {() => Promise<Events>} [open]
 */
async function streams(t, target, session, open = () => session.stream()) {
  const channel = `room:${room()}`;
  await session.subscribe(channel);
  const events = await open();
  let longest = 0;
  for (let i = 0; i < 5; i += 1) {
    const began = Date.now();
    const [, { data }] = await Promise.all([
      session.publish(channel, i),
      events.hears('publication'),
    ]);
    assert.equal(data, i);
    longest = Math.max(longest, Date.now() - began);
  }
  t.diagnostic(`${target.name}: an event took ${longest} ms at most`);
  assert.ok(longest < AT_ONCE, `${longest} ms`);
  events.destroy();
}

/** @param {Promise<unknown>} handshake */
async function refused(handshake) {
  const refusal = await handshake.then(
    () => assert.fail('let in'),
    (error) => error,
  );
  assert.match(String(refusal.headers?.['content-type']), /^application\/problem\+json/, refusal);
  const document = JSON.parse(refusal.body);
  assert.equal(document.status, refusal.status);
  return refusal;
}

/**
 * What holds wherever somebody stands between the client and the server.
 *
 * @param {Target} plain
 * @param {Target} tls
 */
function talks(plain, tls) {
  test('the subprotocol that the server chose arrives', async () => {
    for (const target of [plain, tls]) {
      for (const [offered, chosen] of [
        ['superchat', 'superchat'],
        ['chat, superchat', 'chat'],
        ['unheard-of, superchat, chat', 'superchat'],
      ]) {
        const socket = await Socket.open(target, { protocol: offered });
        assert.equal(socket.headers['sec-websocket-protocol'], chosen);
        assert.equal(await socket.close(), 1000);
      }
    }
  });

  test('two talk, one in the clear and one with TLS', async () => {
    const here = room();
    const ann = await chat(plain, 'Ann', here);
    const bob = await chat(tls, 'Bob', here);
    ann.say({ type: 'say', room: here, text: 'Hello, Bob' });
    bob.say({ type: 'say', room: here, text: 'Hello, Ann' });
    for (const one of [ann, bob]) {
      const heard = [(await one.hears('said')).text, (await one.hears('said')).text];
      assert.deepEqual(heard.sort(), ['Hello, Ann', 'Hello, Bob']);
    }
    assert.deepEqual([await ann.close(), await bob.close()], [1000, 1000]);
  });

  test('60 KB of text and of bytes arrive as they were', async () => {
    const channel = `room:${room()}`;
    const ann = await superchat(tls, channel);
    const bob = await superchat(plain, channel);
    const text = randomBytes(30_000).toString('hex');
    ann.say({ type: 'publish', id: 3, channel, data: text });
    assert.equal((await bob.hears('publication')).data, text);

    const bytes = randomBytes(60_000);
    const header = Buffer.from(JSON.stringify({ type: 'publish', id: 4, channel }));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(header.length);
    ann.frame(BINARY, Buffer.concat([length, header, bytes]));
    const { opcode, payload } = await bob.message();
    assert.equal(opcode, BINARY);
    const start = 4 + payload.readUInt32BE(0);
    assert.equal(JSON.parse(payload.toString('utf8', 4, start)).channel, channel);
    assert.ok(payload.subarray(start).equals(bytes));
    ann.destroy();
    bob.destroy();
  });

  test('a page of the same host is let in, another one is not', async () => {
    for (const target of [plain, tls]) {
      await (await Socket.open(target, { origin: origin(target) })).close();
      for (const foreign of [
        'https://evil.example',
        `${origin(target)}.evil.example`,
        `https://chat.example:${target.port + 1}`,
        'null',
      ]) {
        const refusal = await refused(Socket.open(target, { origin: foreign }));
        assert.equal(refusal.status, 403, foreign);
      }
    }
  });

  test('a page without TLS may not reach over to an address with TLS', async () => {
    const refusal = await refused(Socket.open(tls, { origin: `http://${authority(tls)}` }));
    assert.equal(refusal.status, 403);
  });

  test('other refusals come through with status and document', async () => {
    const bad = await refused(Socket.open(tls, { protocol: 'unheard-of' }));
    assert.equal(bad.status, 400);
    const no = await refused(Socket.open(tls, { path: '/chat?ticket=unheard-of' }));
    assert.equal(no.status, 401);
    assert.equal(no.headers['www-authenticate'], 'Bearer error="invalid_token"');
    const { status, headers, body } = await fetched(tls, '/chat');
    assert.equal(status, 426);
    assert.match(String(headers['content-type']), /^application\/problem\+json/);
    assert.match(body, /Sec-WebSocket-Version: 13/);
  });

  test('the end that the server chose arrives with its code', async () => {
    const socket = await superchat(tls);
    socket.frame(TEXT, Buffer.alloc(65_530, 'x'));
    socket.frame(TEXT, Buffer.alloc(65_530, 'x'));
    socket.frame(BINARY, Buffer.alloc(0));
    for (let i = 0; i < 30; i += 1) socket.frame(TEXT, Buffer.from('{'));
    await socket.ended;
    assert.equal(socket.code, 4006);
  });

  test('Server-Sent Events come at once', async (t) => {
    await streams(t, tls, await HttpSession.open(tls));
  });

  test('a long poll waits its time out, and ends at once when there is something', async () => {
    const channel = `room:${room()}`;
    const bob = await superchat(plain);
    const cy = await HttpSession.open(tls);
    await cy.subscribe(channel);
    let next = 0;
    let began = 0;
    /** The next answer that is not just the heartbeat's. */
    const poll = async () => {
      for (;;) {
        began = Date.now();
        const answer = await cy.poll(next, 20);
        next = answer.next;
        const messages = answer.messages.filter(({ type }) => type !== 'ping');
        if (messages.length || !answer.messages.length) return messages;
        await cy.ask({ type: 'pong' });
      }
    };
    assert.deepEqual(await poll(), []);
    assert.ok(Date.now() - began >= 20_000, `${Date.now() - began} ms`);

    const waiting = poll();
    const published = Date.now();
    bob.say({ type: 'publish', id: 2, channel, data: 'news' });
    assert.deepEqual(
      (await waiting).map(({ data }) => data),
      ['news'],
    );
    assert.ok(Date.now() - published < AT_ONCE, `${Date.now() - published} ms`);
    await cy.leave();
  });

  test('an idle minute passes, by the heartbeat', async () => {
    const here = room();
    const ann = await chat(tls, 'Ann', here);
    const bob = await superchat(plain, `room:${here}`);
    const cy = await HttpSession.open(tls);
    await cy.subscribe(`room:${here}`);
    const events = await cy.stream();
    const cut = Promise.race([
      ann.ended.then(() => 'chat'),
      bob.ended.then(() => 'superchat'),
      events.ended.then(() => 'Server-Sent Events'),
    ]);
    let beats = 0;
    const answering = (async () => {
      for (;;) {
        await bob.hears('ping');
        beats += 1;
        bob.say({ type: 'pong' });
      }
    })().catch((error) => error);
    let asked = 0;
    let answered = 0;
    /** @type {unknown} */ let failure;
    const showingLife = (async () => {
      for (;;) {
        await events.hears('ping');
        asked += 1;
        await cy.ask({ type: 'pong' });
        answered += 1;
      }
    })().catch((error) => (failure = error));
    /** @type {NodeJS.Timeout | undefined} */ let timer;
    const silence = new Promise((resolve) => (timer = setTimeout(resolve, SILENCE, 'nobody')));
    assert.equal(await Promise.race([cut, silence]), 'nobody', 'was cut');
    clearTimeout(timer);
    const told = `${ann.pings} Pings, ${beats} of superchat, ${asked} to a stream, ${answered} answered, ${failure}`;
    assert.ok(ann.pings >= 2 && beats >= 2 && asked >= 2, told);
    assert.ok(events.comments >= 4, `${events.comments} comments`);

    ann.say({ type: 'say', room: here, text: 'Still there?' });
    assert.equal((await ann.hears('said')).text, 'Still there?');
    ann.destroy();
    bob.destroy();
    events.destroy();
    await Promise.all([answering, showingLife]);
  });
}

/**
 * The session of this connection as the server's operator sees it.
 *
 * @param {string} id
 * @param {Target} [server]
 */
async function seen(id, server = direct) {
  const { status, body } = await fetched(server, `/api/sessions/${id}`, { headers: KEY });
  assert.equal(status, 200, body);
  return JSON.parse(body);
}

describe('behind', { concurrency: true }, () => {
  after(() => Socket.destroyAll());
  for (const { name, plain, tls } of proxies) {
    describe(name, { concurrency: true }, () => {
      talks(plain, tls);

      test('the server sees the client, not the proxy, whatever the client says', async () => {
        for (const target of [plain, tls]) {
          for (const headers of [
            {},
            { 'X-Forwarded-For': '198.51.100.7' },
            { Forwarded: 'for=198.51.100.7' },
            { 'X-Forwarded-For': '198.51.100.7', Forwarded: 'for=198.51.100.7;proto=http' },
            { Forwarded: ['for=198.51.100.7', 'for="[2001:db8::7]:4711"'] },
            { 'X-Forwarded-For': ['198.51.100.7', '127.0.0.1'] },
          ]) {
            const socket = await Socket.open(target, {
              headers,
              from: '127.0.0.21',
              origin: origin(target),
            });
            const { session } = await socket.hears('welcome');
            const told = JSON.stringify(headers);
            assert.equal((await seen(session)).address, '127.0.0.21', told);
            await socket.close();
          }
        }
        const session = await HttpSession.open(tls, '127.0.0.22');
        assert.equal((await seen(session.id)).address, '127.0.0.22');
        await session.leave();
      });

      test('a page that came by HTTP/2 hears events and opens a WebSocket', { timeout: 60_000 }, async (t) => {
        t.diagnostic(`${name}: ${await overHttp2(t, tls)}`);
      });
    });
  }

  describe('Tomcat by itself', { concurrency: true }, () => {
    const { plain, tls } = tomcat();
    talks(plain, tls);

    test("its valve says who is there, in the setting's place", async () => {
      const headers = { 'X-Forwarded-For': '198.51.100.7, 192.0.2.7', 'X-Forwarded-Proto': 'https' };
      const page = `https://${authority(plain)}`;
      const socket = await Socket.open(plain, { headers, origin: page });
      const { session } = await socket.hears('welcome');
      assert.equal((await seen(session, plain)).address, '192.0.2.7');
      await socket.close();
      const refusal = await refused(Socket.open(plain, { headers, origin: origin(plain) }));
      assert.equal(refusal.status, 403, 'a page without TLS');
    });
  });

  test('nginx without the upgrade: the handshake fails with a status, and HTTP goes on', async () => {
    const refusal = await refused(Socket.open(refusing(), { protocol: 'superchat' }));
    assert.equal(refusal.status, 426);
    assert.equal((await fetched(refusing(), '/health/ready')).status, 200);
  });

  test('nginx without the upgrade: events come at once', async (t) => {
    await streams(t, refusing(), await HttpSession.open(refusing()));
  });
});

/**
 * Where a proxy offers WebSockets over HTTP/2 (RFC 8441) browsers take it at its word; elsewhere they open a
 * connection of HTTP/1.1 for each.
 *
 * @param {import('node:test').TestContext} t
 * @param {Target} target
 * @returns {Promise<string>} which of the two it was
 */
async function overHttp2(t, target) {
  // Begun before the connection, which is cut when it has nothing to do.
  const polite = await HttpSession.open(target);
  /** @type {import('node:http2').ClientHttp2Session | undefined} */ let session;
  const asked = async (/** @type {import('node:http2').OutgoingHttpHeaders} */ headers) => {
    session ??= http2.connect(`https://chat.example:${target.port}`, {
      ca: target.ca,
      lookup: (_name, options, callback) =>
        options.all
          ? callback(null, [{ address: '127.0.0.1', family: 4 }])
          : callback(null, '127.0.0.1', 4),
    });
    const stream = session.request(
      { ':authority': authority(target), origin: origin(target), ...headers },
      { endStream: headers[':method'] !== 'CONNECT' },
    );
    const [answer] = await Promise.race([
      once(stream, 'response'),
      once(session, 'error').then(([error]) => Promise.reject(error)),
    ]);
    assert.equal(answer[':status'], 200);
    return { stream, answer };
  };
  try {
    await streams(t, target, polite, async () => {
      const { stream } = await asked({
        ':path': `${polite.path}/events`,
        authorization: polite.headers.Authorization,
      });
      return new Events(stream);
    });
    if (!session?.remoteSettings.enableConnectProtocol) return 'WebSockets over HTTP/1.1 only';
    const { stream, answer } = await asked({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/chat',
      ':scheme': 'https',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'chat',
    });
    assert.equal(answer['sec-websocket-protocol'], 'chat');
    const [first] = await once(stream, 'data');
    assert.match(first.toString(), /"type":"welcome"/);
    return 'WebSockets over HTTP/2';
  } finally {
    session?.destroy();
  }
}
