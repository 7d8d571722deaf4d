import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WireLog, pretty } from '../../../webapp/js/chat/wire-log.js';

/** @param {string} text @returns {any} */
const frame = (text) => ({ kind: 'in', at: 1, text });
/** @param {WireLog} log */
const texts = (log) => log.entries.map((entry) => entry.text);

test('the last frames are kept, no more than the bound', () => {
  const log = new WireLog(3);
  for (const text of ['a', 'b', 'c', 'd']) log.add(frame(text));
  assert.deepEqual(texts(log), ['b', 'c', 'd']);
  assert.deepEqual(
    log.entries.map((entry) => entry.number),
    [2, 3, 4],
  );
});

test('the page keeps five hundred', () => {
  const log = new WireLog();
  for (let i = 0; i < 600; i += 1) log.add(frame(String(i)));
  assert.equal(log.entries.length, 500);
});

test('size is in bytes on the wire, not in letters', () => {
  const log = new WireLog();
  log.add(frame('é€😀'));
  assert.equal(log.entries[0].bytes, 9);
});

test('a pause holds the list still and tells how many went by', () => {
  const log = new WireLog();
  log.add(frame('a'));
  log.togglePause();
  log.add(frame('b'));
  log.add(frame('c'));
  assert.deepEqual([texts(log), log.missed], [['a'], 2]);
  log.togglePause();
  log.add(frame('d'));
  assert.equal(log.missed, 0);
  assert.match(texts(log)[1], /^2 not shown/);
  assert.equal(texts(log)[2], 'd');
});

test('cleared is empty', () => {
  const log = new WireLog();
  log.add(frame('a'));
  log.clear();
  assert.deepEqual(log.entries, []);
});

test('pretty indents JSON and leaves anything else alone', () => {
  assert.equal(pretty('{"a":1}'), '{\n  "a": 1\n}');
  assert.equal(pretty('{oops'), '{oops');
});
