import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from '../../../webapp/js/chat/timeline.js';

/** @param {number} id @param {string} [at] @returns {any} */
const said = (id, at = time(id)) => ({ room: 'r', user: 'u', name: 'U', text: `t${id}`, at, id });
/** @param {number} seconds */
const time = (seconds) => new Date(Date.UTC(2030, 0, 1) + seconds * 1000).toISOString();
/** @param {Timeline} timeline */
const shown = (timeline) =>
  timeline.entries.map((one) => (one.kind === 'said' ? one.said.id : one.kind));

/** @param {any[]} messages */
function timelineOf(...messages) {
  const timeline = new Timeline();
  for (const message of messages) timeline.add(message);
  return timeline;
}

test('a message that comes twice is there once', () => {
  const timeline = timelineOf(said(1), said(2));
  assert.equal(timeline.add(said(2)), null);
  assert.equal(timeline.add(said(1)), null);
  assert.deepEqual(shown(timeline), [1, 2]);
});

test('a replay that overlaps fills in what was missed, in order', () => {
  const timeline = timelineOf(said(1), said(2), said(5));
  for (const id of [1, 2, 3, 4, 5, 6]) timeline.add(said(id));
  assert.deepEqual(shown(timeline), [1, 2, 3, 4, 5, 6]);
});

test('older messages of a longer replay go to the front', () => {
  const timeline = timelineOf(said(8), said(9));
  timeline.note('reconnected', time(10));
  for (const id of [6, 7, 8, 9, 10]) timeline.add(said(id));
  assert.deepEqual(shown(timeline), [6, 7, 8, 9, 'note', 10]);
});

test('a server that counts from 1 again hides nothing: same id, other time', () => {
  const timeline = timelineOf(said(1), said(2), said(3));
  for (const id of [1, 2]) timeline.add(said(id, time(100 + id)));
  assert.deepEqual(shown(timeline), [1, 2, 3, 1, 2]);
});

test('a lower id that was said later begins a new log even when the id was never seen', () => {
  const timeline = timelineOf(said(81), said(82));
  timeline.add(said(1, time(200)));
  timeline.add(said(2, time(201)));
  timeline.add(said(83, time(300)));
  assert.deepEqual(shown(timeline), [81, 82, 1, 2, 83]);
  assert.equal(timeline.newest?.id, 83);
});

test('after a restart the replay of both logs still shows each message once', () => {
  const timeline = timelineOf(said(1), said(2), said(1, time(100)));
  assert.equal(timeline.add(said(1, time(100))), null);
  assert.equal(timeline.add(said(2)), null);
  timeline.add(said(2, time(101)));
  assert.deepEqual(shown(timeline), [1, 2, 1, 2]);
});

test('after a restart the newest id stands behind its namesake, not before it', () => {
  const timeline = timelineOf(said(1), said(2), said(3), said(3, time(100)));
  const last = timeline.entries.at(-1);
  assert.equal(last?.kind === 'said' && last.said.at, time(100));
});

test('the second restart is noticed like the first', () => {
  const timeline = timelineOf(said(1), said(1, time(100)), said(1, time(200)), said(2, time(201)));
  assert.deepEqual(shown(timeline), [1, 1, 1, 2]);
});

test('it is bounded, and a trimmed message that comes again is not taken for a restart', () => {
  const timeline = new Timeline(3);
  for (const id of [1, 2, 3, 4]) timeline.add(said(id));
  assert.deepEqual(shown(timeline), [2, 3, 4]);
  timeline.add(said(1));
  timeline.add(said(5));
  assert.deepEqual(shown(timeline), [3, 4, 5]);
});

test('leaving and coming back under another name is a renaming', () => {
  const timeline = timelineOf(said(1));
  timeline.moved('left', { user: 'u', name: 'Ann', at: time(1) });
  timeline.moved('joined', { user: 'u', name: 'Anna', at: time(1) });
  const last = timeline.entries.at(-1);
  assert.ok(last?.kind === 'moved');
  assert.deepEqual([last.move, last.was, last.name], ['renamed', 'Ann', 'Anna']);
  assert.equal(timeline.entries.length, 2);
});

test('a name given right after coming is the name of the one who came', () => {
  const timeline = new Timeline();
  timeline.moved('joined', { user: 'u', name: 'guest-1', at: time(1) });
  timeline.moved('left', { user: 'u', name: 'guest-1', at: time(2) });
  timeline.moved('joined', { user: 'u', name: 'Ann', at: time(2) });
  assert.deepEqual(
    timeline.entries.map((one) => one.kind === 'moved' && [one.move, one.name]),
    [['joined', 'Ann']],
  );
});

test('leaving and coming back under the same name is nothing', () => {
  const timeline = new Timeline();
  timeline.moved('left', { user: 'u', name: 'Ann', at: time(1) });
  timeline.moved('joined', { user: 'u', name: 'Ann', at: time(1) });
  assert.equal(timeline.entries.length, 0);
});
