import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoken } from '../../../webapp/js/chat/ends.js';

test('every close has words for people, with the server’s own behind them', () => {
  assert.equal(spoken(1006), 'The connection broke.');
  assert.equal(spoken(4004, 'spam'), 'You were removed by the server. (spam)');
  assert.equal(spoken(4999), 'The connection was closed.');
});
