import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Remembered } from '../../../webapp/js/chat/remembered.js';

function storage() {
  /** @type {Map<string, string>} */
  const map = new Map();
  return /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => map.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => map.set(key, value),
    removeItem: (/** @type {string} */ key) => map.delete(key),
  });
}

test('positions come back, and what is none is nothing', () => {
  const one = storage();
  const remembered = new Remembered(() => one);
  remembered.keep('read', { lobby: { epoch: 'e', offset: 7 } });
  assert.deepEqual(remembered.map('read'), { lobby: { epoch: 'e', offset: 7 } });
  for (const broken of ['', '[1]', 'null', '{']) {
    one.setItem('switchboard.read', broken);
    assert.deepEqual(remembered.map('read'), {});
  }
});

test('texts and lists come back', () => {
  const one = storage();
  const remembered = new Remembered(() => one);
  remembered.keep('name', 'Ann');
  remembered.keep('rooms', ['lobby', 'a "quoted" one']);
  assert.equal(remembered.text('name'), 'Ann');
  assert.deepEqual(remembered.list('rooms'), ['lobby', 'a "quoted" one']);
  remembered.keep('name', '');
  assert.equal(remembered.text('name'), '');
});

test('what someone else wrote there is not trusted', () => {
  const one = storage();
  one.setItem('switchboard.rooms', '{"length":1}');
  const remembered = new Remembered(() => one);
  assert.deepEqual(remembered.list('rooms'), []);
  one.setItem('switchboard.rooms', '["a",1,null]');
  assert.deepEqual(remembered.list('rooms'), ['a']);
});

test('where storage is forbidden it forgets quietly', () => {
  const remembered = new Remembered(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  remembered.keep('name', 'Ann');
  assert.equal(remembered.text('name'), '');
  assert.deepEqual(remembered.list('rooms'), []);
});
