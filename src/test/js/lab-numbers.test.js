import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockOffset } from '../../../webapp/js/lab/clock.js';
import { Tally, bytes, digits, micros, millis, percentile } from '../../../webapp/js/lab/stats.js';

test('a percentile is the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile([7], 0.99), 7);
  assert.equal(percentile([1, 10, 2], 0.5), 2, 'by size and not by spelling');
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('the quickest round trip tells the offset, to half of its duration', () => {
  const clock = new ClockOffset();
  assert.equal(clock.error, Infinity);
  clock.add(1_000, 51_040, 1_060); // the answer dawdled: +50,010
  clock.add(2_000, 52_001, 2_002);
  clock.add(3_000, 53_002, 3_020);
  assert.equal(clock.offset, 50_000);
  assert.equal(clock.error, 1);
});

test('a clock that drifts is followed, for old round trips are forgotten', () => {
  const clock = new ClockOffset();
  clock.add(0, 1_001, 2);
  clock.add(ClockOffset.LIFETIME + 100, ClockOffset.LIFETIME + 600, ClockOffset.LIFETIME + 110);
  assert.equal(clock.offset, 495);
});

test('what was spent to get ready is not charged to the messages', () => {
  const tally = new Tally();
  const count = { session: 's', requests: 1, received: 700, sent: 300, used: 5_000 };
  tally.counted(count);
  assert.deepEqual(tally.setup, count);
  assert.equal(tally.each, null, 'no message yet');
  for (let n = 1; n <= 4; n += 1) tally.message(n, n * 10);
  tally.counted({ session: 's', requests: 9, received: 1_100, sent: 1_100, used: 9_000 });
  assert.deepEqual(tally.each, { requests: 2, bytes: 300, received: 100, sent: 200, used: 1_000 });
  assert.equal(tally.setup?.received, 700);
});

test('messages that came before the first count are charged to getting ready', () => {
  const tally = new Tally();
  tally.message(1, 1);
  tally.counted({ session: 's', requests: 2, received: 500, sent: 500, used: 0 });
  assert.equal(tally.each, null);
  tally.message(2, 1);
  tally.counted({ session: 's', requests: 2, received: 500, sent: 600, used: 0 });
  tally.message(3, 1); // not in what the server has counted
  assert.equal(tally.each?.bytes, 100);
});

test('messages that come twice or not at all are told', () => {
  const tally = new Tally();
  for (const n of [3, 4, 4, 7]) tally.message(n, 1);
  assert.deepEqual([tally.messages, tally.twice, tally.missing], [3, 1, 2]);
});

test('of a long run the newest latencies are kept', () => {
  const tally = new Tally();
  for (let n = 1; n <= Tally.KEPT + 5; n += 1) tally.message(n, n);
  assert.equal(tally.latencies.length, Tally.KEPT);
  assert.equal(tally.latencies[0], 6);
});

test('numbers have three digits that count, and a dash where there are none', () => {
  assert.deepEqual([0, 0.031, 4.756, 42.19, 1234.5].map(digits), ['0', '0.03', '4.76', '42.2', '1,235']);
  assert.deepEqual([NaN, Infinity].map(digits), ['–', '–']);
  assert.deepEqual([999, 9_999, 12_345, 12_345_678].map(bytes), ['999 B', '9,999 B', '12.3 kB', '12.3 MB']);
  assert.deepEqual([0.5, 12_345].map(millis), ['0.5 ms', '12.3 s']);
  assert.deepEqual([1_500, 15_000_000].map(micros), ['1.5 µs', '15 ms']);
  assert.equal(bytes(NaN), '–');
});
