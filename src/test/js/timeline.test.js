import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timeline } from '../../../webapp/js/chat/timeline.js';

const AT = '2030-01-01T00:00:00.000Z';

/** @param {number | undefined} offset @param {object} [more] */
const pub = (offset, more = {}) => ({
  offset,
  user: 'bob',
  name: 'Bob',
  at: AT,
  data: { text: `t${offset}` },
  ...more,
});
/** @param {...number} offsets */
function timelineOf(...offsets) {
  const timeline = new Timeline();
  for (const offset of offsets) timeline.add(pub(offset));
  return timeline;
}
/** @param {Timeline} timeline */
const shown = (timeline) =>
  timeline.entries.map((one) => ('offset' in one ? one.offset : one.kind));
/** @param {string} user @param {string} [name] */
const who = (user, name = user) => ({ user, name, at: AT });

test('each message once, in the order of the log', () => {
  const timeline = timelineOf(3, 4);
  assert.equal(timeline.add(pub(3)), null);
  for (const offset of [2, 1, 5]) timeline.add(pub(offset));
  assert.deepEqual(shown(timeline), [1, 2, 3, 4, 5]);
  assert.equal(timeline.oldest, 1);
});

test('what is older goes before what happened here, what is newer behind it', () => {
  const timeline = timelineOf(8, 9);
  timeline.note('a note', AT);
  for (const offset of [7, 6, 10]) timeline.add(pub(offset));
  assert.deepEqual(shown(timeline), [6, 7, 8, 9, 'note', 10]);
});

test('what was not kept has no place in the log and is not confused with what has', () => {
  const timeline = timelineOf(1);
  timeline.add(pub(undefined, { data: { text: 'passing' } }));
  timeline.add(pub(undefined, { data: { text: 'passing' } }));
  timeline.add(pub(2));
  assert.deepEqual(shown(timeline), [1, undefined, undefined, 2]);
  assert.equal(timeline.messages.length, 2);
});

test('text is said, an image is a picture, anything else is pushed', () => {
  const timeline = new Timeline();
  timeline.add(pub(1));
  timeline.add(pub(2, { data: new Uint8Array([0xff, 0xd8, 0xff]) }));
  for (const data of [null, 5, 'text', { text: 5 }, new Uint8Array([1])]) {
    timeline.add(pub(timeline.entries.length + 1, { data }));
  }
  assert.deepEqual(
    timeline.entries.map((one) => one.kind),
    ['said', 'picture', 'push', 'push', 'push', 'push', 'push'],
  );
});

test('who has no name is called by the id, who has neither is the server', () => {
  const timeline = new Timeline();
  timeline.add(pub(1, { name: undefined }));
  timeline.add(pub(2, { user: undefined, name: undefined }));
  assert.deepEqual(
    timeline.entries.map((one) => 'name' in one && one.name),
    ['bob', 'Server'],
  );
});

test('the oldest are let go of when there are too many, and may come again', () => {
  const timeline = new Timeline(3);
  for (const offset of [1, 2, 3, 4]) timeline.add(pub(offset));
  assert.equal(timeline.trim(), true);
  assert.equal(timeline.trim(), false);
  assert.deepEqual(shown(timeline), [2, 3, 4]);
  assert.notEqual(timeline.add(pub(1)), null);
});

test('who comes and goes is told', () => {
  const timeline = new Timeline();
  timeline.moved('joined', who('ann'));
  timeline.moved('left', who('bob'));
  timeline.moved('left', who('cy'));
  assert.deepEqual(shown(timeline), ['moved', 'moved', 'moved']);
});

test('a guest who comes back under another id and the same name was not away', () => {
  const timeline = new Timeline();
  timeline.moved('left', who('guest-1', 'Ann'));
  timeline.moved('left', who('bob'));
  timeline.moved('joined', who('guest-2', 'Ann'));
  assert.equal(timeline.entries.length, 1);
  // The new connection may be there before the server has given up the old one.
  timeline.moved('joined', who('guest-4', 'Cy'));
  timeline.moved('left', who('guest-3', 'Cy'));
  assert.equal(timeline.entries.length, 1);
});

test('who says something and leaves has left; a guest without a name was never here', () => {
  const timeline = new Timeline();
  timeline.moved('joined', who('guest-1', 'Ann'));
  timeline.moved('left', who('guest-1', 'Ann'));
  timeline.moved('joined', who('guest-2'));
  timeline.moved('left', who('guest-2'));
  assert.deepEqual(shown(timeline), ['moved', 'moved']);
});
