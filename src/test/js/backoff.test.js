import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../webapp/js/chat/backoff.js';
import { seeded } from './fakes.js';

test('the ceiling doubles from half a second and stops at thirty', () => {
  const backoff = new Backoff(() => 0.999999);
  const waits = Array.from({ length: 9 }, () => backoff.next());
  assert.deepEqual(waits, [499, 999, 1999, 3999, 7999, 15999, 29999, 29999, 29999]);
});

test('the whole range below the ceiling is used, so that browsers spread', () => {
  const random = seeded(7);
  const waits = Array.from({ length: 2000 }, () => {
    const backoff = new Backoff(random);
    for (let i = 0; i < 4; i += 1) backoff.next();
    return backoff.next();
  });
  assert.ok(Math.min(...waits) < 200, 'some come back almost at once');
  assert.ok(Math.max(...waits) > 7800 && Math.max(...waits) < 8000, 'none waits beyond 8 s');
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  assert.ok(Math.abs(mean - 4000) < 200, `the mean is half the ceiling, not ${mean}`);
});

test('a floor holds even when chance says zero', () => {
  assert.equal(new Backoff(() => 0).next(2000), 2000);
});

test('coming right back is free only once', () => {
  const backoff = new Backoff(() => 0.5);
  assert.equal(backoff.soon(), 0);
  assert.equal(backoff.soon(), 500);
  assert.equal(backoff.soon(), 1000);
});

test('a reset begins again', () => {
  const backoff = new Backoff(() => 0.5);
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.attempt, 0);
  assert.equal(backoff.next(), 250);
});
