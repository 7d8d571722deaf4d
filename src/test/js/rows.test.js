import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayLabel, rowsOf } from '../../../webapp/js/chat/rows.js';
import { Timeline } from '../../../webapp/js/chat/timeline.js';

// Local noon, so that minutes to and fro stay on the same day in every time zone.
const NOON = new Date(2030, 5, 15, 12).getTime();
const own = (/** @type {string} */ user) => user === 'me';

/** @param {number} offset @param {string} user @param {number} [minutes] @returns {any} */
const said = (offset, user, minutes = offset) => ({
  offset,
  user,
  name: user,
  data: { text: `t${offset}` },
  at: new Date(NOON + minutes * 60_000).toISOString(),
});

/** What the rows are made of. @param {...any} messages @returns {any} */
function roomWith(...messages) {
  const timeline = new Timeline();
  for (const one of messages) timeline.add(one);
  return { timeline, pending: [], marker: null, hasOlder: false, older: 'idle' };
}

/** @param {string} key @param {object} [more] */
const pending = (key, more = {}) => ({ key, content: { text: key }, state: 'sending', ...more });

/** Without the line above the first message. @param {any} room */
const rows = (room, online = true) =>
  rowsOf(room, { own, now: NOON, online }).filter((row) => row.kind !== 'edge');
/** @param {any} room */
const shape = (room) =>
  rows(room).map((row) => {
    if (row.kind === 'said') return `${row.head ? 'head' : 'more'} t${row.said.offset}`;
    return row.kind === 'pending'
      ? `${row.kind} ${row.head}`
      : `${row.kind} ${'text' in row ? row.text : ''}`;
  });

test('messages of one person within five minutes stand under one name', () => {
  const room = roomWith(said(1, 'ann'), said(2, 'ann'), said(3, 'bob'), said(4, 'ann', 9));
  assert.deepEqual(shape(room), ['day Today', 'head t1', 'more t2', 'head t3', 'head t4']);
});

test('a long pause begins a new group', () => {
  assert.equal(shape(roomWith(said(1, 'ann', 1), said(2, 'ann', 7)))[2], 'head t2');
});

test('each day has its line', () => {
  const room = roomWith(said(1, 'ann', -3 * 1440), said(2, 'ann', -1440), said(3, 'ann', 0));
  const days = rows(room).filter((row) => row.kind === 'day');
  assert.deepEqual(days.map((row) => row.kind === 'day' && row.text).slice(1), [
    'Yesterday',
    'Today',
  ]);
});

test('the new line stands before the first unread message and splits its group', () => {
  const room = roomWith(said(1, 'ann'), said(2, 'ann'), said(3, 'ann'));
  room.marker = 'o2';
  assert.deepEqual(shape(room), ['day Today', 'head t1', 'new New', 'head t2', 'more t3']);
});

test('comings and goings in a row are one quiet line', () => {
  const room = roomWith(said(1, 'ann'));
  const { at } = said(1, 'x');
  for (const name of ['Bob', 'Cy', 'Dan', 'Eve', 'Flo', 'Gus']) {
    room.timeline.moved('joined', { user: `u-${name}`, name, at });
  }
  room.timeline.moved('left', { user: 'u-Bob', name: 'Bob', at });
  assert.deepEqual(shape(room).slice(2), ['aside Bob, Cy, Dan and 3 others joined · Bob left']);
});

test('what is on its way stands at the end, under the own last message', () => {
  const room = roomWith(said(1, 'me'));
  room.pending.push(pending('a'), pending('b'));
  assert.deepEqual(shape(room).slice(2), ['pending false', 'pending false']);
  const other = roomWith(said(1, 'ann'));
  other.pending.push(pending('a'));
  assert.deepEqual(shape(other).slice(2), ['pending true']);
});

test('what is on its way waits where there is no connection, and what failed does not', () => {
  const room = roomWith();
  room.pending.push(pending('a'), pending('b', { state: 'failed' }));
  const waits = (/** @type {boolean} */ online) =>
    rows(room, online).map((row) => row.kind === 'pending' && row.waits);
  assert.deepEqual(waits(true), [false, false]);
  assert.deepEqual(waits(false), [true, false]);
  const keys = new Set([...rows(room, true), ...rows(room, false)].map((row) => row.key));
  assert.equal(keys.size, 3, 'only the one that waits looks different');
});

test('above the first message stands whether there is more', () => {
  /** @param {number} first @param {object} more */
  const edge = (first, more) => {
    const [row] = rowsOf(
      { ...roomWith(said(first, 'ann')), ...more },
      { own, now: NOON, online: true },
    );
    return row.kind === 'edge' ? row.text : row.kind;
  };
  assert.match(edge(1, {}), /where the room begins/);
  assert.match(edge(9, {}), /no longer kept/);
  assert.match(edge(9, { hasOlder: true }), /Older messages…/);
  assert.equal(edge(9, { hasOlder: true }), edge(9, { hasOlder: true, older: 'loading' }));
  assert.match(edge(9, { hasOlder: true, older: 'failed' }), /could not be read/);
  assert.deepEqual(rowsOf(roomWith(), { own, now: NOON, online: true }), []);
});

test('a row that looks different has a different key', () => {
  const room = roomWith(said(2, 'ann', 2));
  const before = rows(room).find((row) => row.kind === 'said')?.key;
  room.timeline.add(said(1, 'ann', 1));
  const after = rows(room).filter((row) => row.kind === 'said');
  assert.notEqual(after[1].key, before, 'no longer the head of its group');
  assert.equal(new Set(rows(room).map((row) => row.key)).size, rows(room).length);
});

test('a time that is none does no harm', () => {
  assert.equal(dayLabel('yesterday-ish', NOON), '');
  assert.deepEqual(shape(roomWith({ ...said(1, 'ann'), at: 'x' })), ['head t1']);
});
