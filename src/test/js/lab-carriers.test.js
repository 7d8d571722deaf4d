import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Api } from '../../../webapp/js/lab/api.js';
import { listen, socketUrl } from '../../../webapp/js/lab/carriers.js';
import { Comparison, KINDS } from '../../../webapp/js/lab/compare.js';

const PAGE = 'http://here.example/app/lab.html';

/** A browser whose network is the test's own. */
class Around {
  page = PAGE;
  /** @type {{url: string, options: any, answer: (status: number, body?: any) => void}[]} */ asked = [];
  /** @type {any[]} */ sockets = [];
  /** @type {any[]} */ streams = [];
  /** @type {{run: () => void, ms: number}[]} */ timers = [];

  fetch = (/** @type {any} */ url, /** @type {any} */ options = {}) =>
    new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      this.asked.push({
        url: String(url),
        options,
        answer: (status, body) =>
          resolve(new Response(body === undefined ? null : JSON.stringify(body), { status })),
      });
    });

  get WebSocket() {
    const { sockets } = this;
    return /** @type {any} */ (
      class {
        /** @type {string[]} */ sent = [];
        closed = false;
        constructor(/** @type {string} */ url, /** @type {string[]} */ protocols) {
          Object.assign(this, { url, protocols });
          sockets.push(this);
        }
        send(/** @type {string} */ text) {
          this.sent.push(text);
        }
        close() {
          this.closed = true;
        }
      }
    );
  }

  get EventSource() {
    const { streams } = this;
    return /** @type {any} */ (
      class {
        readyState = 0;
        closed = false;
        constructor(/** @type {string} */ url) {
          Object.assign(this, { url });
          streams.push(this);
        }
        close() {
          this.closed = true;
        }
      }
    );
  }

  setTimeout = (/** @type {() => void} */ run, /** @type {number} */ ms) => {
    const timer = { run, ms };
    this.timers.push(timer);
    return timer;
  };

  clearTimeout = (/** @type {any} */ timer) => {
    this.timers = this.timers.filter((one) => one !== timer);
  };

  /** Answers the oldest request that nobody has answered. @param {number} status @param {any} [body] */
  async answer(status, body) {
    const next = this.asked.shift();
    assert.ok(next, 'nothing was asked');
    next.answer(status, body);
    await settled();
    return next;
  }
}

/** What was promised so far is kept. */
const settled = () => new Promise((done) => setImmediate(done));

/** @param {any} around @param {import('../../../webapp/js/lab/carriers.js').Kind} kind */
function listening(around, kind) {
  /** @type {any[]} */
  const heard = [];
  const carrier = listen(
    kind,
    'lab:x',
    {
      ready: (session) => heard.push(['ready', session]),
      message: (data) => heard.push(['message', data]),
      ended: (why) => heard.push(['ended', why]),
    },
    around,
  );
  return { heard, carrier };
}

const connected = { type: 'connected', session: 's1', token: 't/1', subs: { 'lab:x': {} } };
const publication = (/** @type {number} */ n) => ({ type: 'publication', data: { n } });

test('the endpoint is next to the page', () => {
  assert.equal(socketUrl(PAGE), 'ws://here.example/app/chat');
  assert.equal(socketUrl('https://x/lab.html', '?bench'), 'wss://x/chat?bench');
});

test('over WebSocket: batches are taken apart, and pings answered', () => {
  const around = new Around();
  const { heard, carrier } = listening(around, 'websocket');
  const [socket] = around.sockets;
  assert.deepEqual(socket.protocols, ['superchat']);
  socket.onopen();
  assert.deepEqual(JSON.parse(socket.sent[0]).subs, { 'lab:x': null });
  socket.onmessage({ data: JSON.stringify(connected) });
  socket.onmessage({ data: JSON.stringify([publication(1), { type: 'ping' }, publication(2)]) });
  assert.deepEqual(heard, [['ready', 's1'], ['message', { n: 1 }], ['message', { n: 2 }]]);
  assert.equal(socket.sent[1], '{"type":"pong"}');
  carrier.stop();
  socket.onclose({ code: 1000, reason: '' });
  assert.equal(heard.length, 3, 'an end that was wanted is no news');
});

test('a channel that is refused ends it', () => {
  const around = new Around();
  const { heard } = listening(around, 'websocket');
  const [socket] = around.sockets;
  socket.onopen();
  const subs = { 'lab:x': { type: 'error', code: 'unknown-channel', message: 'no such channel' } };
  socket.onmessage({ data: JSON.stringify({ ...connected, subs }) });
  assert.deepEqual(heard, [['ended', 'no such channel']]);
});

test('polling: asks, waits a second, and asks for what comes next', async () => {
  const around = new Around();
  const { heard, carrier } = listening(around, 'polling');
  const create = await around.answer(201, connected);
  assert.equal(create.url, 'http://here.example/app/chat/sessions');
  const first = await around.answer(200, { next: 2, messages: [publication(1), publication(2)] });
  assert.match(first.url, /chat\/sessions\/s1\/messages\?after=0&wait=0$/);
  assert.equal(first.options.headers.authorization, 'Bearer t/1');
  assert.equal(around.asked.length, 0, 'not before the second is over');
  assert.equal(around.timers[0].ms, 1_000);
  around.timers.shift()?.run();
  await settled();
  assert.match(around.asked[0].url, /after=2&wait=0$/);
  assert.deepEqual(heard, [['ready', 's1'], ['message', { n: 1 }], ['message', { n: 2 }]]);
  carrier.stop();
  await settled();
  assert.equal(around.asked.at(-1)?.options.method, 'DELETE');
  assert.equal(heard.length, 3);
});

test('long polling: asks again at once', async () => {
  const around = new Around();
  const { heard } = listening(around, 'long');
  await around.answer(201, connected);
  const first = await around.answer(200, { next: 1, messages: [publication(1)] });
  assert.match(first.url, /after=0&wait=25$/);
  assert.match(around.asked[0].url, /after=1&wait=25$/);
  assert.equal(around.timers.length, 0);
  await around.answer(504);
  assert.deepEqual(heard.at(-1), ['ended', 'the answer was 504']);
});

test('a stream: the secret in the address, pings answered by a request', async () => {
  const around = new Around();
  const { heard, carrier } = listening(around, 'sse');
  await around.answer(201, connected);
  const [stream] = around.streams;
  assert.match(stream.url, /sessions\/s1\/events\?session_token=t%2F1$/);
  stream.onmessage({ data: JSON.stringify(publication(1)) });
  stream.onmessage({ data: '{"type":"ping"}' });
  assert.equal(around.asked[0].options.body, '{"type":"pong"}');
  stream.onerror(); // cut: the browser comes back by itself
  assert.equal(heard.length, 2);
  stream.readyState = 2;
  stream.onerror();
  assert.deepEqual(heard.at(-1), ['ended', 'the stream was refused']);
  carrier.stop();
  assert.equal(stream.closed, true);
});

test('stopped while the session is being made, it leaves that session', async () => {
  const around = new Around();
  const { heard, carrier } = listening(around, 'sse');
  carrier.stop();
  await settled();
  assert.deepEqual(heard, []);
  assert.equal(around.streams.length, 0);
});

/** @param {any} around */
function comparison(around) {
  let time = 1_000;
  const compared = new Comparison(new Api(PAGE, around.fetch), around, () => time);
  return {
    compared,
    pass: (/** @type {number} */ ms) => {
      time += ms;
    },
  };
}

/** @param {any} around @param {Comparison} compared */
async function begun(around, compared) {
  compared.start(1, 64);
  for (let i = 0; i < 12; i += 1) await around.answer(200, { at: 5_000_000 });
  await around.answer(201, { run: 'r', channel: 'lab:r', rate: 1, size: 64, ends: '' });
}

test('a comparison opens all four on the channel of its run, and shows what the server counts', async () => {
  const around = new Around();
  const { compared, pass } = comparison(around);
  await begun(around, compared);
  assert.equal(compared.state, 'running');
  assert.equal(compared.clock.offset, 4_000);
  assert.equal(around.sockets.length, 1);
  const creates = around.asked.filter((one) => one.url.endsWith('/sessions'));
  assert.deepEqual(
    creates.map((one) => JSON.parse(one.options.body).client),
    ['lab/polling', 'lab/long', 'lab/sse'],
  );
  const [socket] = around.sockets;
  socket.onopen();
  socket.onmessage({ data: JSON.stringify({ type: 'connected', session: 'ws' }) });
  pass(30);
  socket.onmessage({ data: JSON.stringify({ type: 'publication', data: { n: 1, t: 5_010_000 } }) });
  assert.equal(compared.lanes.websocket.tally.latency(0.5), 20);
  const look = around.asked.find((one) => one.url.includes('/lab/runs/r?'));
  look?.answer(200, { run: 'r', at: 5_030_000, published: 1, listeners: 1, ends: '', sessions: [] });
  await settled();
  assert.equal(compared.published, 1);
  assert.equal(around.timers.at(-1)?.ms, 1_000);
});

test('a comparison that is stopped leaves everything', async () => {
  const around = new Around();
  const { compared } = comparison(around);
  await begun(around, compared);
  around.asked = [];
  compared.stop();
  assert.equal(compared.state, 'stopped');
  assert.equal(around.sockets[0].closed, true);
  assert.equal(around.asked[0].options.method, 'DELETE');
  assert.match(around.asked[0].url, /lab\/runs\/r$/);
  for (const kind of KINDS) assert.equal(compared.lanes[kind].state, 'stopped');
});

test('what the server refuses is told in its words, and a run that ended ends it', async () => {
  const around = new Around();
  const { compared } = comparison(around);
  compared.start(1, 64);
  for (let i = 0; i < 12; i += 1) await around.answer(200, { at: 5_000_000 });
  await around.answer(503, { detail: '4 streams run already, try again later' });
  assert.deepEqual([compared.state, compared.why], ['idle', '4 streams run already, try again later']);
  await begun(around, compared);
  const look = around.asked.find((one) => one.url.includes('/lab/runs/r?'));
  look?.answer(404, { detail: 'run: expected the id of one that goes on' });
  await settled();
  assert.equal(compared.state, 'stopped');
  assert.match(compared.why, /the server has ended the stream/);
});

test('the modules of the lab hold to their own JSDoc types, strictly', () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  if (!existsSync(`${here}node_modules/typescript`)) {
    execFileSync('npm', ['ci', '--silent', '--no-audit', '--no-fund'], { cwd: here });
  }
  const ts = createRequire(import.meta.url)('typescript');
  const folder = new URL('../../../webapp/js/lab/', import.meta.url);
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.js'))
    .map((file) => fileURLToPath(new URL(file, folder)));
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    allowJs: true,
    checkJs: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
  });
  const ours = ts
    .getPreEmitDiagnostics(program)
    .filter((/** @type {any} */ one) => !one.file?.fileName.includes('/vendor/'));
  assert.equal(
    ts.formatDiagnostics(ours, {
      getCurrentDirectory: () => here,
      getCanonicalFileName: (/** @type {string} */ name) => name,
      getNewLine: () => '\n',
    }),
    '',
  );
});
