import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat } from '../../../webapp/js/chat/chat.js';
import { client, pub, settle, told } from './client-fakes.js';

const ME = { session: 's1', user: 'me', name: 'Me', at: 'now' };

/** A chat on a real client, whose other end is the test. @param {object} [more] */
async function chatting(more = {}) {
  const c = await client();
  const cuts = { count: 0 };
  const chat = new Chat({
    board: c.board,
    now: () => c.clock.now(),
    setTimeout: (run, ms) => c.clock.setTimeout(run, ms),
    changed: () => {},
    reintroduce: () => (cuts.count += 1),
    ...more,
  });
  const text = (/** @type {string} */ words) => ({ text: words });
  return {
    ...c,
    chat,
    cuts,
    /** Is let in, as the given user. */
    async online(user = 'me') {
      c.socket().connects({ user });
      await settle();
    },
    async cut() {
      c.socket().closes(1006);
      await c.pass(1000);
    },
    /** Answers all `subscribe`s that were not. @param {Record<string, any>} [answers] by room */
    async admit(answers = {}) {
      const socket = c.socket();
      for (const { id, channel, since } of socket.ofType('subscribe')) {
        if (socket.admitted?.has(id)) continue;
        socket.admitted = (socket.admitted ?? new Set()).add(id);
        const room = channel.slice('room:'.length);
        const offset = since?.offset ?? 0;
        socket.says({
          type: 'subscribed',
          re: id,
          channel,
          epoch: 'e1',
          offset,
          ...(since && { recovered: true }),
          publications: [],
          presence: [ME],
          ...answers[room],
        });
      }
      await settle();
    },
    /** Answers the newest question for history. @param {any[]} publications newest first */
    async recalls(publications, epoch = 'e1') {
      const { id, channel } = c.socket().ofType('history').at(-1);
      const offset = publications[0]?.offset ?? 0;
      c.socket().says({ type: 'history', re: id, channel, epoch, offset, publications });
      await settle();
    },
    /** @param {number} offset @param {any} [fields] */
    async hears(offset, fields = {}, room = 'lobby') {
      c.socket().says({
        ...told(`room:${room}`, offset, text(`t${offset}`)),
        user: 'bob',
        ...fields,
      });
      await settle();
    },
    /** Answers what was published last. @param {any} answer */
    async answers(answer) {
      const { id } = c.socket().ofType('publish').at(-1);
      c.socket().says({ re: id, ...answer });
      await settle();
    },
    published: () => c.socket().ofType('publish').at(-1),
  };
}

/** One in the lobby and online. @param {object} [more] */
async function inLobby(more) {
  const c = await chatting(more);
  c.chat.open('lobby');
  await c.online();
  await c.admit();
  await c.recalls([]);
  return c;
}

/** @param {any} chat */
const texts = (chat) =>
  chat.room.timeline.entries.flatMap((/** @type {any} */ one) =>
    one.kind === 'said' ? [one.text] : [],
  );
/** @param {any} chat */
const pending = (chat) =>
  chat.room.pending.map((/** @type {any} */ one) => [one.content.text, one.state]);
const old = (/** @type {number} */ offset, user = 'bob') => ({
  ...pub(offset, { text: `t${offset}` }),
  user,
});

test('a room is asked for with presence, and its newest messages after it', async () => {
  const c = await chatting();
  c.chat.open('lobby');
  await c.online();
  const [{ channel, presence, since }] = c.socket().ofType('subscribe');
  assert.deepEqual([channel, presence, since], ['room:lobby', true, undefined]);
  await c.admit({ lobby: { offset: 2 } });
  const [{ reverse, limit }] = c.socket().ofType('history');
  assert.deepEqual([reverse, limit], [true, 50]);
  await c.hears(3);
  await c.recalls([old(3), old(2), old(1)]);
  assert.deepEqual(texts(c.chat), ['t1', 't2', 't3'], 'what came meanwhile is there once');
  assert.equal(c.chat.room?.hasOlder, false);
  assert.equal(c.chat.unread, 0);
});

test('older messages are asked for from the oldest on, one question at a time', async () => {
  const c = await chatting();
  c.chat.open('lobby');
  await c.online();
  await c.admit({ lobby: { offset: 9 } });
  await c.recalls([old(9), old(8)]);
  c.chat.room?.loadOlder();
  c.chat.room?.loadOlder();
  const asked = c.socket().ofType('history');
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[1].since, { epoch: 'e1', offset: 8 });
  await c.recalls([old(7)]);
  assert.equal(c.chat.room?.hasOlder, true, 'a short answer is not the beginning');
  c.chat.room?.loadOlder();
  await c.recalls([]);
  assert.equal(c.chat.room?.hasOlder, false);
});

test('the past of another log is not mixed in', async () => {
  const c = await chatting();
  c.chat.open('lobby');
  await c.online();
  await c.admit({ lobby: { offset: 9 } });
  await c.recalls([old(9)], 'e2');
  assert.deepEqual(texts(c.chat), []);
});

test('a failure to read the past can be tried again', async () => {
  const c = await chatting();
  c.chat.open('lobby');
  await c.online();
  await c.admit({ lobby: { offset: 9 } });
  const [{ id }] = c.socket().ofType('history');
  c.socket().says({ type: 'error', re: id, code: 'forbidden', message: 'no', retry: false });
  await settle();
  assert.equal(c.chat.room?.older, 'failed');
  c.chat.room?.loadOlder();
  await c.recalls([old(9)]);
  assert.equal(c.chat.room?.older, 'idle');
});

test('an own message is on its way until it comes back, whichever comes first', async () => {
  const c = await inLobby();
  c.chat.say({ text: 'one' });
  await settle();
  assert.deepEqual(pending(c.chat), [['one', 'sending']]);
  const { key, data } = c.published();
  assert.deepEqual(data, { text: 'one' });
  await c.hears(1, { user: 'me', key, data: { text: 'one' } });
  assert.deepEqual(pending(c.chat), []);
  await c.answers({ type: 'published', offset: 1, epoch: 'e1', at: 'now' });
  c.chat.say({ text: 'two' });
  await settle();
  await c.answers({ type: 'published', offset: 2, epoch: 'e1', at: 'now' });
  assert.deepEqual(pending(c.chat), [['two', 'sending']], 'it stays to be seen until it is here');
  await c.hears(2, { user: 'me', data: { text: 'two' } });
  assert.deepEqual(pending(c.chat), []);
});

test('a key of ours in the mouth of another confirms nothing', async () => {
  const c = await inLobby();
  c.chat.say({ text: 'mine' });
  await settle();
  await c.hears(1, { user: 'eve', key: c.published().key });
  assert.deepEqual(pending(c.chat), [['mine', 'sending']]);
});

test('what is said while offline goes out when there is a connection, once', async () => {
  const c = await inLobby();
  await c.hears(1);
  c.socket().closes(1006);
  assert.equal(c.chat.say({ text: 'waits' }), true);
  await c.pass(1000);
  await c.online('me-2');
  assert.deepEqual(texts(c.chat), ['t1'], 'what was there stays');
  await c.admit({ lobby: { offset: 3, publications: [old(2), old(3)] } });
  assert.deepEqual(c.socket().ofType('publish').length, 1);
  await c.hears(4, { user: 'me-2', key: c.published().key, data: { text: 'waits' } });
  assert.deepEqual(texts(c.chat), ['t1', 't2', 't3', 'waits']);
  assert.deepEqual(pending(c.chat), []);
});

test('what a guest had sent before a cut is found in the log, or was not sent', async () => {
  const c = await inLobby();
  c.chat.say({ text: 'arrived' });
  c.chat.say({ text: 'lost' });
  await settle();
  const [{ key }] = c.socket().ofType('publish');
  await c.cut();
  await c.online('guest-2');
  assert.deepEqual(pending(c.chat)[1], ['lost', 'unsure']);
  const arrived = { ...old(1, 'me'), key, data: { text: 'arrived' } };
  await c.admit({ lobby: { offset: 1, publications: [arrived] } });
  assert.deepEqual(pending(c.chat), [['lost', 'failed']]);
  c.chat.sayAgain(c.chat.room?.pending[0].key ?? '');
  assert.deepEqual(pending(c.chat), [['lost', 'sending']]);
});

test('what is still to follow from the log is waited for before anything is given up', async () => {
  const c = await inLobby();
  c.chat.say({ text: 'sent' });
  await settle();
  const { key } = c.published();
  await c.cut();
  await c.online('guest-2');
  await c.admit({ lobby: { offset: 2, publications: [old(1)] } });
  assert.deepEqual(pending(c.chat), [['sent', 'unsure']]);
  await c.hears(2, { user: 'me', key, data: { text: 'sent' } });
  assert.deepEqual(pending(c.chat), []);
});

test('a refusal says why, and the text can be taken back', async () => {
  const c = await inLobby();
  c.chat.say({ text: 'too much' });
  await settle();
  await c.answers({ type: 'error', code: 'forbidden', message: 'you may not', retry: false });
  const [item] = c.chat.room?.pending ?? [];
  assert.deepEqual([item.state, item.reason], ['failed', 'you may not']);
  assert.deepEqual(c.chat.takeBack(item.key), { text: 'too much' });
  assert.deepEqual(pending(c.chat), []);
});

test('who is cut off sees who was there, and who came and went is not told twice', async () => {
  const c = await inLobby();
  const bob = {
    type: 'joined',
    channel: 'room:lobby',
    session: 's2',
    user: 'bob',
    name: 'Bob',
    at: 'x',
  };
  c.socket().says(bob);
  assert.deepEqual(
    c.chat.room?.people.map((one) => one.name),
    ['Bob', 'Me'],
  );
  c.socket().says({ ...bob, session: 's3' });
  c.socket().says({ ...bob, type: 'left', session: 's3' });
  assert.equal(c.chat.room?.timeline.entries.length, 1);
  await c.cut();
  assert.deepEqual(
    c.chat.room?.people.map((one) => one.name),
    ['Bob', 'Me'],
  );
  await c.online();
  await c.admit();
  assert.deepEqual(
    c.chat.room?.people.map((one) => one.name),
    ['Me'],
  );
});

test('unread is what others said after the read marker, and the line stands before it', async () => {
  const c = await chatting();
  c.chat.looking = false;
  c.chat.open('lobby');
  await c.online();
  await c.admit({ lobby: { offset: 3, read: 1 } });
  await c.recalls([old(3), old(2, 'me'), old(1)]);
  assert.equal(c.chat.unread, 1, 'own words are not unread');
  assert.equal(c.chat.room?.marker, 'o3');
  await c.hears(4);
  assert.equal(c.chat.unread, 2);
  c.chat.look(true);
  assert.equal(c.chat.unread, 0);
  assert.equal(c.chat.room?.marker, 'o3', 'the line stays while one looks');
  await c.pass(1000);
  assert.deepEqual(c.socket().ofType('ack').at(-1), {
    type: 'ack',
    channel: 'room:lobby',
    offset: 4,
  });
  c.chat.look(false);
  assert.equal(c.chat.room?.marker, null);
});

test('unread messages that are not here yet count, too', async () => {
  const c = await chatting();
  c.chat.looking = false;
  c.chat.open('lobby');
  await c.online();
  await c.admit({ lobby: { offset: 300, read: 100 } });
  await c.recalls([old(300), old(299)]);
  assert.equal(c.chat.unread, 200);
});

test('a guest’s marker is remembered by the page, for that log only', async () => {
  const read = { lobby: { epoch: 'e1', offset: 1 }, den: { epoch: 'e0', offset: 1 } };
  const c = await chatting({ read });
  c.chat.looking = false;
  c.chat.open('lobby');
  c.chat.open('den');
  await c.online();
  await c.admit({ lobby: { offset: 2 }, den: { offset: 2 } });
  assert.deepEqual(c.chat.read, {
    lobby: { epoch: 'e1', offset: 1 },
    den: { epoch: 'e1', offset: 2 },
  });
});

test('who looks gets a line for what was missed, and an own message takes it away', async () => {
  const c = await inLobby();
  await c.hears(1);
  await c.cut();
  await c.online();
  await c.admit({ lobby: { offset: 2, publications: [old(2)] } });
  assert.equal(c.chat.room?.marker, 'o2');
  assert.equal(c.chat.unread, 0);
  await c.hears(3);
  assert.equal(c.chat.room?.marker, 'o2');
  c.chat.say({ text: 'yes' });
  assert.equal(c.chat.room?.marker, null);
});

test('markers are told in a while, not with each message', async () => {
  const c = await inLobby();
  for (const offset of [1, 2, 3]) await c.hears(offset);
  assert.deepEqual(c.socket().ofType('ack'), []);
  await c.pass(1000);
  assert.deepEqual(
    c
      .socket()
      .ofType('ack')
      .map(({ offset }) => offset),
    [3],
  );
});

test('a log that was lost is loaded anew and said to be', async () => {
  const c = await inLobby();
  await c.hears(1);
  await c.cut();
  await c.online();
  await c.admit({ lobby: { epoch: 'e2', offset: 1, recovered: false } });
  await c.recalls([{ ...old(1), data: { text: 'new log' } }], 'e2');
  assert.deepEqual(texts(c.chat), ['new log']);
  const notes = c.chat.room?.timeline.entries.filter((one) => one.kind === 'note');
  assert.equal(notes?.length, 1);
  assert.equal(c.chat.unread, 0);
});

test('typing is told to others who are there, and not with every key', async () => {
  const c = await inLobby();
  c.chat.typing(true);
  assert.equal(c.socket().ofType('publish').length, 0, 'there is nobody else');
  const bob = { channel: 'room:lobby', session: 's2', user: 'bob', name: 'Bob', at: 'x' };
  c.socket().says({ type: 'joined', ...bob });
  for (let i = 0; i < 5; i += 1) c.chat.typing(true);
  await settle();
  const signs = () =>
    c
      .socket()
      .ofType('publish')
      .map(({ data, ephemeral }) => [data, ephemeral]);
  assert.deepEqual(signs(), [[{ typing: true }, true]]);
  c.chat.typing(false);
  c.chat.typing(false);
  await settle();
  assert.deepEqual(signs().at(-1), [{ typing: false }, true]);
  assert.equal(signs().length, 2);
});

test('who types is seen until it is said; one does not see oneself', async () => {
  const c = await inLobby();
  const sign = (/** @type {string} */ user, typing = true) =>
    c.socket().says({
      type: 'publication',
      channel: 'room:lobby',
      at: 'x',
      user,
      name: user,
      data: { typing },
    });
  const typists = () => c.chat.room?.typists.names(c.clock.now());
  sign('bob');
  sign('me');
  sign('cy');
  assert.deepEqual(typists(), ['bob', 'cy']);
  sign('cy', false);
  await c.hears(1);
  assert.deepEqual(typists(), []);
  assert.deepEqual(texts(c.chat), ['t1'], 'signs are no messages');
});

test('a room that refuses says why, keeps what was typed, and can be tried again', async () => {
  const c = await chatting();
  c.chat.open('den');
  await c.online();
  const [{ id }] = c.socket().ofType('subscribe');
  c.socket().says({
    type: 'error',
    re: id,
    code: 'forbidden',
    message: 'members only',
    retry: false,
  });
  await settle();
  assert.deepEqual([c.chat.room?.membership, c.chat.room?.refusal], ['refused', 'members only']);
  assert.equal(c.chat.say({ text: 'hello' }), false);
  if (c.chat.room) c.chat.room.draft = 'hello';
  c.chat.open('den');
  await settle();
  await c.admit();
  assert.deepEqual([c.chat.room?.membership, c.chat.room?.draft], ['joined', 'hello']);
});

test('leaving a room unsubscribes and opens the next', async () => {
  const c = await inLobby();
  c.chat.open('den');
  await settle();
  await c.admit();
  c.chat.leave('den');
  assert.equal(c.chat.active, 'lobby');
  assert.deepEqual(
    c
      .socket()
      .ofType('unsubscribe')
      .map(({ channel }) => channel),
    ['room:den'],
  );
  c.chat.leave('lobby');
  assert.equal(c.chat.room, null);
});

test('another name asks for another connection; known people have the name they are known by', async () => {
  const c = await inLobby();
  assert.equal(c.chat.shownName, 'Me');
  c.chat.rename('Ann');
  c.chat.rename('Ann');
  assert.deepEqual([c.chat.name, c.cuts.count], ['Ann', 1]);
  c.chat.known = true;
  c.chat.rename('Eve');
  assert.equal(c.chat.name, 'Ann');
  assert.equal(c.chat.shownName, 'Me');
});

test('every id we ever had is ours', async () => {
  const c = await inLobby({ mine: ['guest-0'] });
  await c.cut();
  await c.online('me-2');
  assert.deepEqual(c.chat.mine, ['guest-0', 'me', 'me-2']);
  assert.ok(['guest-0', 'me', 'me-2'].every((user) => c.chat.isMine(user)));
  assert.ok(!c.chat.isMine('') && !c.chat.isMine('bob'));
});

test('what is pushed to the user, and what goes wrong, is a notice; the oldest go', async () => {
  const c = await inLobby();
  const own = { channel: 'user:me', epoch: 'e', offset: 0 };
  c.socket().says({ type: 'subscribed', ...own, publications: [] });
  c.socket().says(told('user:me', 1, { invoice: 17 }));
  c.socket().says({ type: 'error', code: 'internal', message: 'oh', retry: true });
  await settle();
  assert.deepEqual(
    c.chat.notices.map(({ title, text }) => [title, text]),
    [
      ['user:me', '{"invoice":17}'],
      ['Error: internal', 'oh'],
    ],
  );
  for (let i = 2; i < 9; i += 1) c.socket().says(told('user:me', i, `n${i}`));
  assert.equal(c.chat.notices.length, 4);
  c.chat.dismiss(c.chat.notices[0].key);
  assert.equal(c.chat.notices.length, 3);
});

test('the excess of a text is known before it is sent', async () => {
  const c = await inLobby();
  c.chat.largest = 1000;
  assert.equal(c.chat.excess('x'), 0);
  assert.ok(c.chat.excess('é'.repeat(500)) > 0);
  const most = 'x'.repeat(1000);
  c.chat.say({ text: most.slice(0, 1000 - c.chat.excess(most)) });
  await settle();
  assert.ok(JSON.stringify(c.published()).length <= 1000);
});
