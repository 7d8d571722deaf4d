import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLOW_FLOOR, verdict } from '../../../webapp/js/chat/closing.js';

/** @param {number[]} codes */
const actions = (...codes) => codes.map((code) => verdict(code).action);

test('40xx means do not come back', () => {
  const all = actions(4000, 4001, 4002, 4003, 4004, 4006, 4008, 4099);
  assert.deepEqual(new Set(all), new Set(['stop']));
});

test('41xx means back off, never less than a floor', () => {
  assert.deepEqual(new Set(actions(4100, 4101, 4102, 4103, 4104)), new Set(['slowly']));
  assert.equal(verdict(4101).floor, SLOW_FLOOR);
});

test('42xx means come back now', () => {
  assert.deepEqual(new Set(actions(4200, 4201, 4202, 4203)), new Set(['now']));
});

test('43xx means new credentials first, whatever bye says', () => {
  assert.deepEqual(actions(4300, 4301), ['credentials', 'credentials']);
  assert.equal(verdict(4300, '', { code: 4300, reconnect: false }).action, 'credentials');
});

test('a lost connection and a stumbling server are tried again', () => {
  assert.deepEqual(actions(1001, 1006, 1011), ['retry', 'retry', 'retry']);
  assert.deepEqual(actions(1012, 1013), ['slowly', 'slowly']);
});

test('a normal close and a refusal by policy are final', () => {
  assert.deepEqual(actions(1000, 1008), ['stop', 'stop']);
});

test('bye without reconnect is final even when the close frame got lost', () => {
  const end = verdict(1006, '', { code: 1012, reason: 'moved away', reconnect: false });
  assert.equal(end.action, 'stop');
  assert.match(end.reason, /moved away/);
});

test('the code of bye counts when the connection broke right after it', () => {
  assert.deepEqual(
    [verdict(1006, '', { code: 4004, reason: 'kicked' }).code, verdict(1006).code],
    [4004, 1006],
  );
});

test('bye can ask for a later return', () => {
  assert.equal(verdict(4100, '', { code: 4100, reconnect: true, after: 9000 }).floor, 9000);
  assert.equal(verdict(4100, '', { code: 4100, after: 5 }).floor, SLOW_FLOOR);
});

test('an unknown code still gets a sentence', () => {
  assert.match(verdict(3999, 'because').reason, /closed.*because/);
});
