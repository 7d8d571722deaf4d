import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat } from '../../../webapp/js/chat/chat.js';

const AT = '2030-01-01T00:00:00.000Z';

/** A chat whose other end is the test. */
function chatting() {
  /** @type {any[]} */
  const sent = [];
  const wire = { up: true };
  let now = 0;
  const chat = new Chat({
    send: (message) => {
      if (wire.up) sent.push(message);
      return wire.up;
    },
    changed: () => {},
    now: () => now,
  });
  let guests = 0;
  const online = () => {
    wire.up = true;
    guests += 1;
    chat.linkChanged({ kind: 'online', since: 0 });
    chat.receive({ type: 'welcome', session: 's', user: `guest-${guests}`, heartbeat: 25 });
  };
  const offline = (code = 1006) => {
    wire.up = false;
    chat.linkChanged({ kind: 'waiting', until: 0, code, reason: '' });
    now += 5000;
  };
  /** The server's answer to join and who. @param {string} room @param {any[]} [history] */
  const admit = (room, history = []) => {
    const me = { room, user: chat.user, name: chat.name || chat.user };
    chat.receive({ type: 'joined', ...me, at: AT });
    if (history.length > 0) chat.receive({ type: 'history', room, messages: history });
    chat.receive({ type: 'who', room, users: [{ user: me.user, name: me.name }] });
  };
  /** @param {string} room @param {number} id @param {object} [more] */
  const said = (room, id, more = {}) => ({
    type: 'said',
    room,
    user: 'bob',
    name: 'Bob',
    text: `t${id}`,
    at: new Date(Date.UTC(2030, 0, 1) + id * 1000).toISOString(),
    id,
    ...more,
  });
  const drain = () => sent.splice(0);
  return { chat, sent, online, offline, admit, said, drain };
}

/** One in the lobby and online. */
function inLobby() {
  const c = chatting();
  c.chat.open('lobby');
  c.online();
  c.admit('lobby');
  c.drain();
  return c;
}

const texts = (/** @type {import('../../../webapp/js/chat/room.js').Room} */ room) =>
  room.timeline.entries.flatMap((one) => (one.kind === 'said' ? [one.said.text] : []));

test('after welcome it asks for the handshake and joins the rooms it wants', () => {
  const c = chatting();
  c.chat.name = 'Ann';
  c.chat.open('lobby');
  assert.deepEqual(c.sent, [], 'nothing before welcome');
  c.online();
  assert.deepEqual(c.sent, [
    { type: 'handshake' },
    { type: 'join', room: 'lobby', name: 'Ann', last: 50 },
    { type: 'who', room: 'lobby' },
  ]);
});

test('without a name none is sent', () => {
  const c = chatting();
  c.chat.open('lobby');
  c.online();
  assert.equal('name' in c.sent[1], false);
});

test('after a reconnect it rejoins every room and shows what was missed once', () => {
  const c = inLobby();
  c.chat.open('kitchen');
  c.admit('kitchen');
  c.chat.receive(c.said('lobby', 1));
  c.chat.receive(c.said('lobby', 2));
  c.offline();
  assert.equal(c.chat.rooms.get('lobby')?.membership, 'out');
  c.drain();
  c.online();
  assert.deepEqual(
    c.sent.filter((message) => message.type === 'join').map((message) => message.room),
    ['lobby', 'kitchen'],
  );
  c.admit('lobby', [c.said('lobby', 1), c.said('lobby', 2), c.said('lobby', 3)]);
  c.chat.receive(c.said('lobby', 4));
  const lobby = c.chat.rooms.get('lobby');
  assert.ok(lobby);
  assert.deepEqual(texts(lobby), ['t1', 't2', 't3', 't4']);
  assert.match(
    String(lobby.timeline.entries.find((one) => one.kind === 'note')?.text),
    /disconnected for 5 s/,
  );
});

test('a restarted server that counts from 1 again is heard', () => {
  const c = inLobby();
  c.chat.receive(c.said('lobby', 1));
  c.chat.receive(c.said('lobby', 2));
  c.offline();
  c.online();
  const at = '2031-01-01T00:00:00.000Z';
  c.admit('lobby', [c.said('lobby', 1, { at, text: 'after the restart' })]);
  const lobby = c.chat.rooms.get('lobby');
  assert.ok(lobby);
  assert.deepEqual(texts(lobby), ['t1', 't2', 'after the restart']);
});

test('saying is refused, not pretended, while there is no line', () => {
  const c = inLobby();
  c.offline();
  assert.equal(c.chat.say('hello'), false);
  assert.deepEqual(c.chat.room?.pending, []);
  c.online();
  assert.equal(c.chat.say('hello'), false, 'nor while joining');
  c.admit('lobby');
  assert.equal(c.chat.say('hello'), true);
});

test('an own message is sent when its said comes back, on the next connection too', () => {
  const c = inLobby();
  c.chat.say('hello');
  c.offline();
  c.online();
  c.admit('lobby', [c.said('lobby', 1, { user: 'guest-1', name: 'guest-1', text: 'hello' })]);
  assert.deepEqual(c.chat.room?.pending, []);
});

test('what the replay does not bring was not sent, and can be said again', () => {
  const c = inLobby();
  c.chat.say('hello');
  c.offline();
  c.online();
  c.admit('lobby');
  const item = c.chat.room?.pending[0];
  assert.equal(item?.state, 'failed');
  c.drain();
  c.chat.sayAgain(String(item?.key));
  assert.deepEqual(c.sent, [{ type: 'say', room: 'lobby', text: 'hello' }]);
  assert.deepEqual(
    c.chat.room?.pending.map((one) => one.state),
    ['sending'],
  );
});

test('trying again while offline keeps the message', () => {
  const c = inLobby();
  c.chat.say('hello');
  c.chat.receive({ type: 'error', code: 'rate-limited', message: 'slow down', retry: true });
  c.offline();
  assert.equal(c.chat.sayAgain(String(c.chat.room?.pending[0].key)), false);
  assert.equal(c.chat.room?.pending.length, 1);
});

test('an error about a message is shown at that message', () => {
  const c = inLobby();
  c.chat.say('first');
  c.chat.say('second');
  c.chat.receive(c.said('lobby', 1, { user: 'guest-1', text: 'first' }));
  c.chat.receive({ type: 'error', code: 'rate-limited', message: 'slow down', retry: true });
  assert.deepEqual(
    c.chat.room?.pending.map((one) => [one.text, one.state, one.reason]),
    [['second', 'failed', 'slow down']],
  );
  assert.deepEqual(c.chat.notices, []);
});

test('a message too large for the server is named after the close', () => {
  const c = inLobby();
  c.chat.say('x'.repeat(99));
  c.offline(1009);
  assert.equal(c.chat.room?.pending[0].state, 'failed');
  assert.match(String(c.chat.room?.pending[0].reason), /too large/);
});

test('a server that does not know handshake breaks nothing', () => {
  const c = chatting();
  c.chat.open('lobby');
  c.online();
  c.chat.receive({ type: 'error', code: 'unknown-type', message: 'what?', retry: false });
  c.admit('lobby');
  assert.equal(c.chat.handshake.kind, 'untold');
  assert.deepEqual(c.chat.notices, []);
  assert.equal(c.chat.room?.membership, 'joined');
});

test('a refused join is shown in its room and nowhere else', () => {
  const c = inLobby();
  c.chat.open('secret');
  c.chat.receive({ type: 'error', code: 'forbidden', message: 'members only', retry: false });
  c.chat.receive({ type: 'error', code: 'not-joined', message: 'not joined', retry: false });
  const secret = c.chat.rooms.get('secret');
  assert.deepEqual([secret?.membership, secret?.refusal], ['refused', 'members only']);
  assert.equal(c.chat.rooms.get('lobby')?.membership, 'joined');
  assert.deepEqual(c.chat.notices, []);
});

test('an error about nothing we asked becomes a notice', () => {
  const c = inLobby();
  c.chat.receive({ type: 'error', code: 'internal', message: 'ouch', retry: true });
  assert.deepEqual(
    c.chat.notices.map((one) => one.text),
    ['ouch'],
  );
});

test('unread counts rooms that are not open, and the open one while nobody looks', () => {
  const c = inLobby();
  c.chat.open('kitchen');
  c.admit('kitchen');
  c.chat.receive(c.said('lobby', 1));
  c.chat.receive(c.said('kitchen', 1));
  assert.equal(c.chat.unread, 1);
  c.chat.look(false);
  c.chat.receive(c.said('kitchen', 2));
  assert.equal(c.chat.unread, 2);
  c.chat.look(true);
  assert.equal(c.chat.unread, 1);
  c.chat.open('lobby');
  assert.equal(c.chat.unread, 0);
});

test('leaving opens a neighbour and forgets the room', () => {
  const c = inLobby();
  c.chat.open('kitchen');
  c.admit('kitchen');
  c.drain();
  c.chat.leave('kitchen');
  assert.deepEqual(c.sent, [{ type: 'leave', room: 'kitchen' }]);
  assert.equal(c.chat.active, 'lobby');
  c.chat.receive(c.said('kitchen', 1));
  assert.equal(c.chat.rooms.has('kitchen'), false);
});

test('leaving and coming back at once: the late left does not throw us out', () => {
  const c = inLobby();
  c.chat.leave('lobby');
  c.chat.open('lobby');
  c.chat.receive({ type: 'left', room: 'lobby', user: 'guest-1', name: 'guest-1', at: AT });
  c.admit('lobby');
  assert.equal(c.chat.room?.membership, 'joined');
});

test('an own left out of the blue is checked with the server before it is believed', () => {
  const c = inLobby();
  const left = { type: 'left', room: 'lobby', user: 'guest-1', name: 'guest-1', at: AT };
  c.chat.receive(left);
  assert.deepEqual(c.drain(), [{ type: 'who', room: 'lobby' }]);
  c.chat.receive({ type: 'who', room: 'lobby', users: [{ user: 'guest-1', name: 'g' }] });
  assert.equal(c.chat.room?.membership, 'joined');
  c.chat.receive(left);
  c.chat.receive({ type: 'error', code: 'not-joined', message: 'no', retry: false });
  assert.equal(c.chat.room?.membership, 'refused');
});

test('a new name goes to every room', () => {
  const c = inLobby();
  c.chat.rename('Ann');
  assert.deepEqual(
    c.sent.map((message) => [message.type, message.name]),
    [
      ['leave', undefined],
      ['join', 'Ann'],
      ['who', undefined],
    ],
  );
  c.chat.receive({ type: 'left', room: 'lobby', user: 'guest-1', name: 'guest-1', at: AT });
  c.admit('lobby');
  assert.deepEqual(
    c.chat.room?.people.map((one) => one.name),
    ['Ann'],
  );
  assert.deepEqual(c.chat.room?.timeline.entries, [], 'no noise about ourselves');
});

test('a new name after a reconnect does not speak of a disconnection again', () => {
  const c = inLobby();
  c.offline();
  c.online();
  c.admit('lobby');
  c.chat.rename('Ann');
  c.admit('lobby');
  const notes = c.chat.room?.timeline.entries.filter((one) => one.kind === 'note');
  assert.equal(notes?.length, 1);
});

test('another window of the same user does not bring us into a room that refused us', () => {
  const c = inLobby();
  c.chat.open('secret');
  c.chat.receive({ type: 'error', code: 'forbidden', message: 'members only', retry: false });
  c.chat.receive({ type: 'joined', room: 'secret', user: 'guest-1', name: 'g', at: AT });
  assert.equal(c.chat.room?.membership, 'refused');
});

test('an error on a new connection is not blamed on a command of the old one', () => {
  const c = inLobby();
  c.chat.say('hello');
  c.offline();
  c.online();
  c.chat.receive({ type: 'error', code: 'forbidden', message: 'not any more', retry: false });
  assert.equal(c.chat.room?.membership, 'refused');
  assert.equal(c.chat.room?.refusal, 'not any more');
});

test('a push to a joined room is shown in it, any other as a notice', () => {
  const c = inLobby();
  c.chat.receive({ type: 'push', channel: 'room:lobby', data: { build: 7 }, at: AT });
  c.chat.receive({ type: 'push', channel: 'room:elsewhere', data: 'x', at: AT });
  c.chat.receive({ type: 'push', channel: 'user:ann', data: { n: 1 }, at: AT });
  assert.deepEqual(
    c.chat.room?.timeline.entries.map((one) => one.kind === 'push' && one.data),
    [{ build: 7 }],
  );
  assert.deepEqual(
    c.chat.notices.map((one) => [one.title, one.text]),
    [
      ['room:elsewhere', 'x'],
      ['user:ann', '{"n":1}'],
    ],
  );
});

test('notices are bounded and can be put away', () => {
  const c = inLobby();
  for (let i = 0; i < 9; i += 1) c.chat.receive({ type: 'push', channel: 'x:y', data: i, at: AT });
  assert.equal(c.chat.notices.length, 4);
  c.chat.dismiss(c.chat.notices[0].key);
  assert.equal(c.chat.notices.length, 3);
});

test('a message type of the future is told apart and harms nothing', () => {
  const c = inLobby();
  assert.equal(c.chat.receive({ type: 'hologram' }), false);
  assert.equal(c.chat.receive({ type: 'toString' }), false);
  assert.equal(c.chat.receive({ type: 'pong' }), true);
});

test('whoever has no display name is called by the id', () => {
  const c = inLobby();
  c.chat.receive({ type: 'joined', room: 'lobby', user: 'guest-9', at: AT });
  c.chat.receive({ type: 'said', room: 'lobby', user: 'guest-9', text: 'x', at: AT, id: 1 });
  const last = c.chat.room?.timeline.entries.at(-1);
  assert.equal(last?.kind === 'said' && last.said.name, 'guest-9');
  assert.ok(c.chat.room?.people.some((one) => one.name === 'guest-9'));
});

test('what is said with the API key has no user: the server speaks', () => {
  const c = inLobby();
  c.chat.receive({ type: 'said', room: 'lobby', text: 'from curl', at: AT, id: 1 });
  c.chat.receive({
    type: 'history',
    room: 'lobby',
    messages: [{ type: 'said', room: 'lobby', text: 'earlier', at: AT, id: 2 }],
  });
  assert.deepEqual(
    c.chat.room?.timeline.entries.map((one) => one.kind === 'said' && one.said.name),
    ['Server', 'Server'],
  );
});

test('a text is measured as the frame it becomes, against the limit of the server', () => {
  const c = inLobby();
  const room = { type: 'say', room: 'lobby', text: '' };
  const most = 65_536 - JSON.stringify(room).length;
  assert.equal(c.chat.excess('x'.repeat(most)), 0);
  assert.equal(c.chat.excess('x'.repeat(most - 1) + 'é'), 1);
  c.chat.receive({ type: 'welcome', user: 'guest-1', limits: { message: 100 } });
  assert.equal(c.chat.excess('x'.repeat(most)), 65_436);
});
