import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../../../webapp/js/chat/room.js';
import { dayLabel, rowsOf } from '../../../webapp/js/chat/rows.js';

// Local noon, so that minutes to and fro stay on the same day in every time zone.
const NOON = new Date(2030, 5, 15, 12).getTime();
const own = (/** @type {{user: string}} */ said) => said.user === 'me';

/** @param {number} id @param {string} user @param {number} [minutes] @returns {any} */
const said = (id, user, minutes = id) => ({
  room: 'r',
  user,
  name: user,
  text: `t${id}`,
  at: new Date(NOON + minutes * 60_000).toISOString(),
  id,
});

/** @param {...any} messages */
function roomWith(...messages) {
  const room = new Room('r');
  for (const one of messages) room.said(one, { own: own(one), seen: true });
  return room;
}

/** @param {Room} room */
const rows = (room) => rowsOf(room, { own, now: NOON });
/** @param {Room} room */
const shape = (room) =>
  rows(room).map((row) => {
    if (row.kind === 'said') return `${row.head ? 'head' : 'more'} ${row.said.text}`;
    return row.kind === 'pending' ? `${row.kind} ${row.head}` : `${row.kind} ${row.text ?? ''}`;
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
  const room = roomWith(said(1, 'ann'));
  room.said(said(2, 'ann'), { own: false, seen: false });
  room.said(said(3, 'ann'), { own: false, seen: false });
  assert.deepEqual(shape(room), ['day Today', 'head t1', 'new New', 'head t2', 'more t3']);
});

test('comings and goings in a row are one quiet line', () => {
  const room = roomWith(said(1, 'ann'));
  const at = said(1, 'x').at;
  for (const name of ['Bob', 'Cy', 'Dan', 'Eve', 'Flo', 'Gus']) {
    room.moved('joined', { user: name, name, at });
  }
  room.moved('left', { user: 'Bob', name: 'Bob', at });
  assert.deepEqual(shape(room).slice(2), ['aside Bob, Cy, Dan and 3 others joined · Bob left']);
});

test('what is on its way stands at the end, under the own last message', () => {
  const room = roomWith(said(1, 'me'));
  room.send('a');
  room.send('b');
  assert.deepEqual(shape(room).slice(2), ['pending false', 'pending false']);
  assert.deepEqual(shape(withPending(roomWith(said(1, 'ann')))).slice(2), ['pending true']);
});

/** @param {Room} room */
function withPending(room) {
  room.send('a');
  return room;
}

test('a row that looks different has a different key', () => {
  const room = roomWith(said(2, 'ann', 2));
  const before = rows(room).find((row) => row.kind === 'said')?.key;
  room.said(said(1, 'ann', 1), { own: false, seen: true });
  const after = rows(room).filter((row) => row.kind === 'said');
  assert.notEqual(after[1].key, before, 'no longer the head of its group');
  assert.equal(new Set(rows(room).map((row) => row.key)).size, rows(room).length);
});

test('a time that is none does no harm', () => {
  assert.equal(dayLabel('yesterday-ish', NOON), '');
  assert.deepEqual(shape(roomWith({ ...said(1, 'ann'), at: 'x' })), ['head t1']);
});
