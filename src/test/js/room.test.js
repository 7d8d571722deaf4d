import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../../../webapp/js/chat/room.js';

/** @param {number} id @param {object} [more] @returns {any} */
const said = (id, more = {}) => ({
  room: 'r',
  user: 'bob',
  name: 'Bob',
  text: `t${id}`,
  at: new Date(Date.UTC(2030, 0, 1) + id * 1000).toISOString(),
  id,
  ...more,
});
const unseen = { own: false, seen: false };
const replayed = { own: () => false, seen: false, asked: 50 };

function joinedRoom() {
  const room = new Room('r');
  room.joining();
  room.entered({ user: 'me', name: 'Me' });
  room.present([{ user: 'me', name: 'Me' }]);
  return room;
}

test('what others say while nobody looks is counted, from a line on', () => {
  const room = joinedRoom();
  room.said(said(1), { own: false, seen: true });
  room.said(said(2), unseen);
  room.said(said(3), unseen);
  assert.equal(room.unread, 2);
  assert.equal(room.marker, room.timeline.entries[1].key);
});

test('a message that came before is not unread again', () => {
  const room = joinedRoom();
  room.said(said(1), unseen);
  room.said(said(1), unseen);
  assert.equal(room.unread, 1);
});

test('looking clears the count and keeps the line until one turns away', () => {
  const room = joinedRoom();
  room.said(said(1), unseen);
  room.look();
  assert.equal(room.unread, 0);
  assert.notEqual(room.marker, null);
  room.turnAway();
  assert.equal(room.marker, null);
});

test('the line does not move as more comes while nobody looks', () => {
  const room = joinedRoom();
  room.said(said(1), unseen);
  const line = room.marker;
  room.turnAway();
  room.said(said(2), unseen);
  assert.equal(room.marker, line);
});

test('own words are never unread', () => {
  const room = joinedRoom();
  room.said(said(1), { own: true, seen: false });
  assert.equal(room.unread, 0);
});

test('the past of a first join is not unread, what was missed while away is', () => {
  const room = new Room('r');
  room.joining();
  room.entered({ user: 'me', name: 'Me' });
  room.replay([said(1), said(2)], replayed);
  room.present([]);
  assert.equal(room.unread, 0);
  room.lost();
  room.joining();
  room.entered({ user: 'me2', name: 'Me' });
  room.replay([said(1), said(2), said(3)], { ...replayed, asked: 100 });
  assert.equal(room.unread, 1);
  assert.equal(room.timeline.entries.length, 3);
});

test('someone who looks gets a line, not a count, for what was missed', () => {
  const room = joinedRoom();
  room.said(said(1), { own: false, seen: true });
  room.lost();
  room.joining();
  room.entered({ user: 'me2', name: 'Me' });
  room.replay([said(1), said(2)], { ...replayed, seen: true, asked: 100 });
  assert.equal(room.unread, 0);
  assert.equal(room.marker, room.timeline.entries.at(-1)?.key);
});

test('a full replay that does not reach back says that something is missing', () => {
  const room = joinedRoom();
  room.said(said(1), unseen);
  room.replay([said(50), said(51)], { ...replayed, asked: 2 });
  assert.deepEqual(
    room.timeline.entries.map((one) => one.kind),
    ['said', 'note', 'said', 'said'],
  );
});

test('a replay that reaches back has no such note', () => {
  const room = joinedRoom();
  room.said(said(1), unseen);
  room.replay([said(2), said(3)], { ...replayed, asked: 2 });
  room.replay([said(9)], { ...replayed, asked: 2 });
  assert.deepEqual(new Set(room.timeline.entries.map((one) => one.kind)), new Set(['said']));
});

test('presence follows who, joined and left', () => {
  const room = joinedRoom();
  room.moved('joined', { user: 'bob', name: 'Bob', at: '' });
  room.moved('joined', { user: 'ann', name: 'Ann', at: '' });
  assert.deepEqual(
    room.people.map((one) => one.name),
    ['Ann', 'Bob', 'Me'],
  );
  room.moved('left', { user: 'bob', name: 'Bob', at: '' });
  assert.deepEqual(
    room.people.map((one) => one.name),
    ['Ann', 'Me'],
  );
  room.present([{ user: 'cy', name: 'Cy' }]);
  assert.deepEqual(
    room.people.map((one) => one.name),
    ['Cy'],
  );
});

test('one who is here already does not come again, one who is not here does not leave', () => {
  const room = joinedRoom();
  room.moved('joined', { user: 'bob', name: 'Bob', at: '' });
  room.moved('joined', { user: 'bob', name: 'Bob', at: '' });
  room.moved('left', { user: 'eve', name: 'Eve', at: '' });
  assert.equal(room.timeline.entries.length, 1);
});

test('an own message is pending until it comes back', () => {
  const room = joinedRoom();
  room.send('hi');
  assert.deepEqual(
    room.pending.map((one) => one.state),
    ['sending'],
  );
  room.said(said(1, { text: 'hi', user: 'me' }), { own: true, seen: true });
  assert.deepEqual(room.pending, []);
});

test('someone else saying the same confirms nothing', () => {
  const room = joinedRoom();
  room.send('hi');
  room.said(said(1, { text: 'hi' }), { own: false, seen: true });
  assert.equal(room.pending.length, 1);
});

test('the same text twice needs two confirmations', () => {
  const room = joinedRoom();
  room.send('hi');
  room.send('hi');
  room.said(said(1, { text: 'hi', user: 'me' }), { own: true, seen: true });
  assert.equal(room.pending.length, 1);
});

test('what was on its way when the line broke is settled by the replay', () => {
  const room = joinedRoom();
  room.send('arrived');
  room.send('lost');
  room.lost();
  assert.deepEqual(
    room.pending.map((one) => one.state),
    ['unsure', 'unsure'],
  );
  room.joining();
  room.entered({ user: 'me2', name: 'Me' });
  room.replay([said(1, { text: 'arrived', user: 'me' })], { ...replayed, own: () => true });
  assert.equal(room.pending[0].state, 'unsure', 'nothing is decided before the replay is over');
  room.present([]);
  assert.deepEqual(
    room.pending.map((one) => [one.text, one.state]),
    [['lost', 'failed']],
  );
});

test('a replay that comes after the answer about presence still settles what was sent', () => {
  const room = joinedRoom();
  room.send('arrived');
  room.lost();
  room.joining();
  room.entered({ user: 'me2', name: 'Me' });
  room.present([]);
  assert.equal(room.pending[0].state, 'failed');
  room.replay([said(1, { text: 'arrived', user: 'me' })], { ...replayed, own: () => true });
  assert.deepEqual(room.pending, []);
});

test('a first replay that comes after the answer about presence is not news', () => {
  const room = joinedRoom();
  room.replay([said(1)], replayed);
  assert.deepEqual([room.unread, room.marker], [0, null]);
});

test('a failed message that is said by hand elsewhere stays failed', () => {
  const room = joinedRoom();
  const item = room.send('hi');
  room.failed(item.key, 'too fast');
  room.said(said(1, { text: 'hi', user: 'me' }), { own: true, seen: true });
  assert.deepEqual(
    room.pending.map((one) => one.reason),
    ['too fast'],
  );
});

test('losing the line empties presence: who is there is not known', () => {
  const room = joinedRoom();
  room.lost();
  assert.deepEqual([room.membership, room.people], ['out', []]);
});
