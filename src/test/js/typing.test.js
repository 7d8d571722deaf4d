import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGN_EVERY, TYPES_FOR, TypingSign, Typists } from '../../../webapp/js/chat/typing.js';

test('who types is known until it is over, or long ago', () => {
  const typists = new Typists();
  assert.equal(typists.next, Infinity);
  typists.sign('a', 'Ann', 0);
  typists.sign('b', 'Bob', 1000);
  assert.deepEqual(typists.names(1000), ['Ann', 'Bob']);
  assert.equal(typists.next, TYPES_FOR);
  assert.deepEqual(typists.names(TYPES_FOR), ['Bob']);
  typists.stopped('b');
  assert.deepEqual(typists.names(TYPES_FOR), []);
});

test('one sign is due in a while, and an end only after a beginning', () => {
  const sign = new TypingSign();
  assert.equal(sign.over(), false);
  assert.equal(sign.due(0), true);
  assert.equal(sign.due(SIGN_EVERY - 1), false);
  assert.equal(sign.due(SIGN_EVERY), true);
  assert.equal(sign.over(), true);
  assert.equal(sign.over(), false);
  assert.equal(sign.due(SIGN_EVERY + 1), true, 'a new text begins anew');
});

test('a line that goes on does not fade between two signs', () => {
  assert.ok(SIGN_EVERY * 2 < TYPES_FOR);
});
