import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { askHandshake } from '../../../webapp/js/chat/ask-handshake.js';
import { Tape } from '../../../webapp/js/chat/tape.js';
import { websocket } from '../../../webapp/js/switchboard/index.js';
import { client, heard, settle } from './client-fakes.js';

/** A client whose transport is overheard. */
async function overheard() {
  /** @type {any[]} */ const wire = [];
  /** @type {any[]} */ const greetings = [];
  const tape = new Tape({
    now: () => 7,
    onWire: (event) => wire.push(event),
    onConnected: (connected) => greetings.push(connected.limits.message),
  });
  /** @type {any} */ let Socket;
  const late = class {
    /** @param {any[]} given */
    constructor(...given) {
      return new Socket(...given);
    }
  };
  const { FakeSocket } = await import('./client-fakes.js');
  /** @type {any[]} */ const sockets = [];
  Socket = class extends FakeSocket {
    /** @param {string} url @param {string[]} protocols */
    constructor(url, protocols) {
      super(url, protocols);
      sockets.push(this);
    }
  };
  const c = await client({ transports: [tape.around(websocket(/** @type {any} */ (late)))] });
  return { ...c, tape, wire, greetings, sockets, socket: () => sockets.at(-1) };
}

test('every frame is shown in both directions, and passes unchanged', async () => {
  const o = await overheard();
  const events = heard(o.board.subscribe('room:a'));
  o.socket().connects({ subs: { 'room:a': { epoch: 'e1', offset: 0, publications: [] } } });
  o.socket().says({ type: 'publication', channel: 'room:a', offset: 1, at: 'now', data: 5 });
  assert.deepEqual(
    o.wire.map(({ kind, text }) => (kind === 'note' ? text : `${kind} ${JSON.parse(text).type}`)),
    ['Open, by websocket.', 'out connect', 'in connected', 'in publication'],
  );
  assert.equal(events.at(-1)[1].data, 5);
  assert.deepEqual(o.greetings, [65536]);
});

test('of a frame of bytes the header is shown, and how much follows', async () => {
  const o = await overheard();
  o.socket().connects();
  const done = o.board.publish('room:a', new Uint8Array(300), { key: 'k' });
  await settle();
  const { text, bytes } = o.wire.at(-1);
  assert.match(text, /^\{"type":"publish","id":\d+,"channel":"room:a","key":"k"\} \+ 300 bytes$/);
  assert.ok(bytes > 300);
  const [{ id }] = o.socket().ofType('publish');
  o.socket().says({ type: 'published', re: id, offset: 1, epoch: 'e', at: 'now' });
  await done;
  const broken = new ArrayBuffer(9);
  new DataView(broken).setUint32(0, 4_000_000);
  o.socket().says(broken);
  assert.equal(o.wire.at(-1).text, '9 bytes');
});

test('cut, the client comes back at once and asks for the rest', async () => {
  const o = await overheard();
  o.tape.cut(4200, 'too early');
  assert.equal(o.sockets.length, 1, 'nothing to cut yet');
  o.board.subscribe('room:a');
  o.socket().connects({ subs: { 'room:a': { epoch: 'e1', offset: 3, publications: [] } } });
  o.tape.cut(4200, 'with another name');
  assert.equal(o.sockets[0].closedWith, 1000, 'nobody comes back to that session');
  assert.equal(o.wire.at(-1).text, 'Closed with 4200 with another name.');
  await o.pass(250);
  assert.equal(o.sockets.length, 2);
  const before = o.wire.length;
  o.sockets[0].closes(1006);
  assert.equal(o.wire.length, before, 'an end is told once');
  o.socket().opens();
  assert.deepEqual(o.socket().sent[0].subs, { 'room:a': { epoch: 'e1', offset: 3 } });
});

test('the handshake is asked for in chat, and the line is put down again', async () => {
  const golden = new URL('../resources/wire/chat/handshake.json', import.meta.url);
  const { frame } = JSON.parse(readFileSync(golden, 'utf8'));
  /** @type {any[]} */ const sent = [];
  /** @type {any} */
  const socket = {
    send: (/** @type {string} */ text) => sent.push(text),
    close: () => sent.push(0),
  };
  const asked = askHandshake('https://h/chat', (url) => {
    assert.equal(url, 'wss://h/chat');
    return socket;
  });
  socket.onopen();
  socket.onmessage({ data: '{"type":"welcome"}' });
  socket.onmessage({ data: JSON.stringify(frame) });
  assert.equal((await asked).response.status, 101);
  assert.deepEqual(sent, ['{"type":"handshake"}', 0]);
});

test('where no WebSocket can be opened, or the server does not know, that is said', async () => {
  /** @type {any} */
  const socket = { send: () => {}, close: () => {} };
  const refused = askHandshake('http://h/chat', () => socket);
  socket.onclose();
  await assert.rejects(refused, /no WebSocket could be opened/);
  const unknown = askHandshake('http://h/chat', () => socket);
  socket.onmessage({ data: '{"type":"error","code":"unknown-type","message":"type: no"}' });
  await assert.rejects(unknown, /type: no/);
});
