import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advise, judge, verdict } from '../../../webapp/js/lab/advice.js';

/** @typedef {import('../../../webapp/js/lab/advice.js').Findings} Findings */

/** @type {Findings} a path on which all is well */
const well = {
  heartbeat: { interval: 25, timeout: 10 },
  page: { scheme: 'https', host: 'chat.example' },
  seen: {
    server: 'Apache Tomcat',
    protocol: 'HTTP/1.1',
    scheme: 'https',
    secure: true,
    host: 'chat.example',
    address: '10.0.0.2',
    client: '198.51.100.7',
    forwarding: { 'X-Forwarded-For': '198.51.100.7' },
  },
  upgrade: { ok: true },
  subprotocol: { asked: 'superchat', got: 'superchat' },
  quiet: { seconds: 60, cut: true },
  lively: { seconds: 75, cut: false },
  stream: { verdict: 'flows', worst: 12 },
  poll: { seconds: 25, ok: true, status: 200 },
};

/** @param {Partial<Findings>} more */
const problems = (more) => advise({ ...well, ...more }).map((one) => one.problem);

test('where all is well nothing is advised, a cut of the quiet after 60 s included', () => {
  assert.deepEqual(advise(well), []);
  assert.equal(verdict(well).kind, 'good');
});

test('the heartbeat of this very server decides what is too short', () => {
  const slow = { interval: 50, timeout: 20 };
  assert.equal(problems({ heartbeat: slow }).length, 1, '60 s are too short for it');
  assert.deepEqual(problems({ quiet: { seconds: 71, cut: true }, heartbeat: slow }), []);
});

test('where the host is lost, the upgrade may have been refused for that', () => {
  const seen = /** @type {any} */ ({ ...well.seen, host: 'inside:8080' });
  const [host, upgrade] = advise({ ...well, seen, upgrade: { ok: false, status: 426 } });
  assert.match(host.problem, /another host/);
  assert.match(upgrade.why, /mend that first/);
});

test('an upgrade that is refused, and who refused it', () => {
  const [advice, ...more] = advise({ ...well, upgrade: { ok: false, status: 426 } });
  assert.equal(more.length, 0);
  assert.match(advice.why, /does reach the server \(it answers 426\)/);
  assert.match(String(advice.lines.nginx), /proxy_set_header Upgrade/);
  assert.match(String(advice.lines['Apache httpd']), /upgrade=websocket/);
  const [other] = advise({ ...well, upgrade: { ok: false, status: 502 } });
  assert.match(other.why, /answered with 502/);
  const said = verdict({ ...well, upgrade: { ok: false, status: 426 } });
  assert.equal(said.kind, 'bad');
  assert.match(said.text, /falls back to HTTP by itself/);
});

test('a cut before the heartbeat has made its way is advised against, with a beat that fits', () => {
  const [advice] = advise({ ...well, quiet: { seconds: 10.2, cut: true } });
  assert.match(advice.problem, /cut after 10 s/);
  assert.match(String(advice.lines.Switchboard), /heartbeat\.interval=4s/);
  assert.deepEqual(problems({ quiet: { seconds: 34, cut: true } }).length, 1);
  assert.deepEqual(problems({ quiet: { seconds: 36, cut: true } }), []);
  assert.deepEqual(problems({ quiet: { seconds: 12, cut: false } }), [], 'stopped, not cut');
});

test('a cut in spite of heartbeats is another matter', () => {
  const found = { quiet: { seconds: 50, cut: true }, lively: { seconds: 50, cut: true } };
  assert.match(problems(found)[0], /although it is not quiet/);
  const short = { quiet: { seconds: 10, cut: true }, lively: { seconds: 10.1, cut: true } };
  assert.match(problems(short)[0], /A quiet WebSocket is cut after 10 s/);
});

test('a subprotocol that is lost', () => {
  assert.match(problems({ subprotocol: { asked: 'superchat', got: '' } })[0], /subprotocol is lost/);
});

test('streams that are buffered, held back, or refused', () => {
  assert.match(problems({ stream: { verdict: 'nothing', worst: 0 } })[0], /buffered/);
  assert.match(problems({ stream: { verdict: 'held', worst: 2_500 } })[0], /2\.5 s after/);
  const [advice] = advise({ ...well, stream: { verdict: 'held', worst: 2_500 } });
  assert.match(String(advice.lines.nginx), /proxy_buffering off/);
  assert.equal(verdict({ ...well, stream: { verdict: 'held', worst: 2_500 } }).kind, 'warn');
});

test('a long poll that does not last', () => {
  assert.match(problems({ poll: { seconds: 10, ok: false, status: 504 } })[0], /504 after 10 s/);
});

test('a host that is not handed on, before everything else that is only unwise', () => {
  const seen = { ...well.seen, host: '127.0.0.1:8080' };
  const found = problems({
    seen: /** @type {any} */ (seen),
    stream: { verdict: 'nothing', worst: 0 },
  });
  assert.match(found[0], /another host: “127\.0\.0\.1:8080”/);
});

test('a proxy that is not believed, and one that says nothing', () => {
  const base = /** @type {NonNullable<Findings['seen']>} */ (well.seen);
  const [unbelieved] = advise({ ...well, seen: { ...base, client: '10.0.0.2' } });
  assert.match(unbelieved.problem, /proxy at 10\.0\.0\.2 .* is not believed/);
  assert.equal(unbelieved.lines.Switchboard, 'switchboard.trusted-proxies=10.0.0.2');
  const silent = { ...base, scheme: 'http', secure: false, client: '10.0.0.2', forwarding: {} };
  assert.match(problems({ seen: silent })[0], /does not know that the page came over TLS/);
  const direct = { ...base, client: '10.0.0.2', forwarding: {} };
  assert.deepEqual(problems({ seen: direct }), [], 'nobody is in between, as far as anybody knows');
});

test('a stream is judged by how its events come', () => {
  const steady = Array.from({ length: 20 }, (_, i) => ({ sent: i * 200, got: 9_000 + i * 200 }));
  assert.equal(judge(steady, 20).verdict, 'flows');
  const together = steady.map((event) => ({ ...event, got: 13_000 }));
  assert.equal(judge(together, 20).verdict, 'held');
  assert.equal(judge([], 20).verdict, 'nothing');
  assert.equal(judge(steady.slice(0, 5), 20).verdict, 'held', 'the rest waits somewhere');
  const shaky = steady.map((event, i) => ({ ...event, got: event.got + (i % 3) * 100 }));
  assert.equal(judge(shaky, 21).verdict, 'flows');
});
