import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, outcome, settle } from './client-fakes.js';

/** Answers a publish. */
const published = (c, { id }, offset) =>
  c.socket().says({ type: 'published', re: id, offset, epoch: 'e1', at: 'now' });
const sent = (c) => c.socket().ofType('publish');

test('what is published offline is sent in order when online, each with a key of its own', async () => {
  const c = await client();
  const all = [1, 2, 3].map((n) => c.board.publish('room:a', n));
  await settle();
  c.socket().connects();
  assert.deepEqual(
    sent(c).map(({ data }) => data),
    [1, 2, 3],
  );
  assert.equal(new Set(sent(c).map(({ key }) => key)).size, 3);
  sent(c).forEach((command, i) => published(c, command, i + 1));
  assert.deepEqual(
    (await Promise.all(all)).map(({ offset }) => offset),
    [1, 2, 3],
  );
});

test('the same user sends what was not answered again by the same key, before anything newer', async () => {
  const c = await client();
  c.socket().connects();
  const first = c.board.publish('room:a', 1);
  await settle();
  const [{ key }] = sent(c);
  c.socket().closes(1006);
  c.board.publish('room:a', 2);
  await c.pass(250);
  c.socket().connects();
  assert.deepEqual(
    sent(c).map(({ data }) => data),
    [1, 2],
  );
  assert.equal(sent(c)[0].key, key);
  c.socket().says({
    type: 'published',
    re: sent(c)[0].id,
    offset: 1,
    epoch: 'e1',
    at: '',
    duplicate: true,
  });
  assert.equal((await first).duplicate, true);
});

test('another user does not: a guest who was cut off hears that the outcome is unknown', async () => {
  const c = await client();
  c.socket().connects({ user: 'guest-1' });
  const doubtful = c.board.publish('room:a', 1);
  await settle();
  c.socket().closes(1006);
  const later = c.board.publish('room:a', 2);
  await c.pass(250);
  c.socket().connects({ user: 'guest-2' });
  assert.equal(await outcome(doubtful), 'outcome-unknown');
  assert.deepEqual(
    sent(c).map(({ data }) => data),
    [2],
    'what was never sent is sent',
  );
  published(c, sent(c)[0], 1);
  assert.equal((await later).offset, 1);
});

test('a key that the server may have forgotten is not relied on', async () => {
  const c = await client();
  c.socket().connects();
  const promise = c.board.publish('room:a', 1);
  await settle();
  const { now } = c.clock;
  c.socket().closes(4201);
  c.clock.now = () => now.call(c.clock) + 271_000;
  await c.pass(250);
  c.socket().connects();
  assert.equal(await outcome(promise), 'outcome-unknown');
  assert.deepEqual(sent(c), []);
});

test('without a key nothing is sent twice; ephemeral is not kept', async () => {
  const c = await client();
  const passing = c.board.publish('room:a', 1, { ephemeral: true });
  assert.equal(await outcome(passing), 'offline');
  const once = c.board.publish('room:a', 2, { key: false }).catch(({ code }) => code);
  await settle();
  c.socket().connects();
  assert.equal('key' in sent(c)[0], false);
  const typing = c.board.publish('room:a', 3, { ephemeral: true }).catch(({ code }) => code);
  await settle();
  c.socket().closes(1006);
  assert.deepEqual([await once, await typing], ['outcome-unknown', 'outcome-unknown']);
});

test('a refusal for good rejects, with the code of the server', async () => {
  const c = await client();
  c.socket().connects();
  const promise = c.board.publish('push:a', 1);
  await settle();
  c.socket().says({
    type: 'error',
    re: sent(c)[0].id,
    code: 'forbidden',
    message: 'channel',
    retry: false,
  });
  await assert.rejects(promise, { code: 'forbidden', retry: false, message: 'channel' });
});

test('a refusal for now waits for retryAfter and is sent again by its key', async () => {
  const c = await client({ random: () => 0 });
  c.socket().connects();
  const promise = c.board.publish('room:a', 1);
  await settle();
  const [first] = sent(c);
  c.socket().says({
    type: 'error',
    re: first.id,
    code: 'rate-limited',
    message: '',
    retry: true,
    retryAfter: 700,
  });
  await c.pass(699);
  assert.equal(sent(c).length, 1);
  await c.pass(1);
  assert.equal(sent(c)[1].key, first.key);
  published(c, sent(c)[1], 1);
  assert.equal((await promise).offset, 1);
});

test('it gives up on what stays unavailable, and says that it may work later', async () => {
  const c = await client();
  c.socket().connects();
  const promise = c.board.publish('room:a', 1);
  const rejected = assert.rejects(promise, { code: 'unavailable', retry: true });
  await settle();
  for (let i = 0; i < 8; i += 1) {
    c.socket().says({
      type: 'error',
      re: sent(c).at(-1).id,
      code: 'unavailable',
      message: '',
      retry: true,
    });
    c.socket().says({ type: 'ping' });
    await c.pass(10_000);
  }
  await rejected;
  assert.equal(sent(c).length, 8);
});

test('a flood is sent no faster than it is answered, and refusals make it slower', async () => {
  const c = await client({ random: () => 0 });
  c.socket().connects();
  const all = Array.from({ length: 400 }, (_, n) => c.board.publish('room:a', n));
  await settle();
  assert.equal(sent(c).length, 100);
  let answered = 0;
  let offset = 0;
  const order = [];
  for (let i = 0; offset < 400; i += 1) {
    assert.ok(i < 2000, 'it gets on');
    const command = sent(c)[answered];
    if (!command) {
      await c.pass(5);
      continue;
    }
    answered += 1;
    if (i % 20 === 19) {
      c.socket().says({
        type: 'error',
        re: command.id,
        code: 'rate-limited',
        message: '',
        retry: true,
        retryAfter: 5,
      });
    } else {
      order.push(command.data);
      published(c, command, (offset += 1));
    }
  }
  await Promise.all(all);
  assert.equal(new Set(order).size, 400);
});

test('after a refusal half as much is under way', async () => {
  const c = await client({ random: () => 0 });
  c.socket().connects();
  for (let n = 0; n < 400; n += 1) c.board.publish('room:a', n);
  await settle();
  const [first, ...others] = sent(c);
  const refusal = { code: 'rate-limited', message: '', retry: true, retryAfter: 5 };
  c.socket().says({ type: 'error', re: first.id, ...refusal });
  others.forEach((command, i) => published(c, command, i + 1));
  assert.equal(sent(c).length, 100);
  await c.pass(5);
  const more = sent(c).slice(100);
  assert.ok(more.length >= 50 && more.length < 60, `${more.length} at once`);
  assert.equal(more[0].data, 0, 'what was refused goes first');
});

test('the queue has an end', async () => {
  const c = await client({ queue: 2 });
  c.board.publish('room:a', 1);
  c.board.publish('room:a', 2);
  await assert.rejects(c.board.publish('room:a', 3), { code: 'offline', retry: true });
});

test('what is too large for the server is not sent: it would close for it', async () => {
  const c = await client();
  const limits = { message: 1000, channels: 1, rate: 1 };
  c.socket().connects({ limits });
  assert.equal(await outcome(c.board.publish('room:a', 'é'.repeat(500))), 'too-large');
  assert.equal(await outcome(c.board.publish('room:a', new Uint8Array(1000))), 'too-large');
  assert.deepEqual(sent(c), []);
  assert.equal(await outcome(c.board.publish('room:a', 'e'.repeat(500))), 'pending');
  assert.equal(sent(c).length, 1);
});

test('the message is what it was when it was published', async () => {
  const c = await client();
  const data = { text: 'before' };
  c.board.publish('room:a', data);
  data.text = 'after';
  await settle();
  c.socket().connects();
  assert.deepEqual(sent(c)[0].data, { text: 'before' });
});
