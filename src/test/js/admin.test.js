// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, Refused } from '../../../webapp/js/admin/api.js';
import { Polled } from '../../../webapp/js/admin/polled.js';
import { Rates, age, rate } from '../../../webapp/js/admin/rates.js';

const REPORT = /** @type {any} */ ({ since: 's', messagesIn: 10, messagesOut: 100, published: 5 });
const at = (/** @type {number} */ seconds, more = {}) => ({
  ...REPORT,
  at: new Date(seconds * 1000).toISOString(),
  ...more,
});

test('two reports make numbers per second', () => {
  const rates = new Rates();
  assert.equal(rates.add(at(100)), null);
  assert.deepEqual(rates.add(at(102, { messagesIn: 14, messagesOut: 300, published: 6 })), {
    seconds: 102,
    in: 2,
    out: 100,
    published: 0.5,
  });
});

test('a report that is not newer is left out, and so is the first after a restart', () => {
  const rates = new Rates();
  rates.add(at(100));
  assert.equal(rates.add(at(100)), null);
  assert.equal(rates.add(at(99)), null);
  assert.equal(rates.add(at(101, { since: 'later', messagesOut: 1 })), null);
  assert.equal(rates.add(at(102, { since: 'later', messagesOut: 3 }))?.out, 2);
});

test('ages and rates are short', () => {
  assert.equal(age(-5), '0 s');
  assert.equal(age(61_000), '1 min 1 s');
  assert.equal(age(3_661_000), '1 h 1 min');
  assert.equal(age(90_000_000), '1 d 1 h');
  assert.equal(rate(0), '0');
  assert.equal(rate(0.25), '0.3');
  assert.equal(rate(12_345.6), '12,346');
});

/** A clock of which the test turns the hands, and questions it answers. */
function asking() {
  /** @type {{answer: (value: any) => void, fail: (error: any) => void}[]} */ const questions = [];
  /** @type {Map<number, () => void>} */ const timers = new Map();
  const shown = /** @type {any[]} */ ([]);
  const failed = /** @type {any[]} */ ([]);
  let hidden = false;
  let next = 0;
  const polled = new Polled(
    () => new Promise((answer, fail) => questions.push({ answer, fail })),
    (answer) => shown.push(answer),
    (error) => failed.push(error),
    1000,
    {
      setTimeout: (run) => (timers.set(++next, run), next),
      clearTimeout: (timer) => timers.delete(timer),
      hidden: () => hidden,
    },
  );
  const tick = () => {
    const due = [...timers.values()];
    timers.clear();
    due.forEach((run) => run());
  };
  const settled = () => new Promise((done) => setImmediate(done));
  return { polled, questions, timers, shown, failed, tick, settled, hide: (/** @type {boolean} */ yes) => (hidden = yes) };
}

test('asks again only after an answer', async () => {
  const { polled, questions, timers, shown, tick, settled } = asking();
  void polled.start();
  assert.equal(questions.length, 1);
  assert.equal(timers.size, 0);
  questions[0].answer('a');
  await settled();
  assert.deepEqual(shown, ['a']);
  tick();
  assert.equal(questions.length, 2);
  questions[1].fail('broken');
  await settled();
  assert.equal(timers.size, 1, 'a failure is not the end');
});

test('of two questions under way only the newer one is shown', async () => {
  const { polled, questions, shown, timers, settled } = asking();
  void polled.start();
  void polled.start();
  questions[1].answer('new');
  questions[0].answer('old');
  await settled();
  assert.deepEqual(shown, ['new']);
  assert.equal(timers.size, 1);
});

test('shows nothing that comes after it was stopped, and asks nothing while the page is hidden', async () => {
  const { polled, questions, shown, timers, tick, settled, hide } = asking();
  void polled.start();
  polled.stop();
  questions[0].answer('late');
  await settled();
  assert.deepEqual(shown, []);
  assert.equal(timers.size, 0);
  hide(true);
  void polled.start();
  await settled();
  assert.equal(questions.length, 1);
  hide(false);
  tick();
  assert.equal(questions.length, 2);
});

test('calls the API with the key, and says what it says', async () => {
  /** @type {[string, any][]} */ const calls = [];
  const answers = [
    new Response('{"sessions":[],"matching":0,"truncated":false}'),
    new Response('{"detail":"sort: expected id"}', { status: 400 }),
    new Response('<html>', { status: 502 }),
  ];
  const api = new Api('http://h/ctx/admin.html', 'k', async (url, options) => {
    calls.push([String(url), options]);
    const answer = answers.shift();
    if (!answer) throw new TypeError('fetch failed');
    return answer;
  });
  await api.sessions({ search: 'a&b', sort: 'queue', transport: '', limit: 5 });
  assert.equal(calls[0][0], 'http://h/ctx/api/sessions?search=a%26b&sort=queue&limit=5');
  assert.equal(calls[0][1].headers.authorization, 'Bearer k');
  await assert.rejects(api.node(), new Refused(400, 'sort: expected id'));
  await assert.rejects(api.node(), new Refused(502, 'the answer was 502'));
  await assert.rejects(api.disconnect('s', '', true), { status: 0, message: 'the node does not answer' });
  assert.equal(calls[3][1].body, '{"code":4200}');
});
