import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { decode, encode } from '../../../webapp/js/switchboard/codec.js';
import { client, settle } from './client-fakes.js';

// The same files are read by the Java tests.
const folder = new URL('../resources/wire/superchat/', import.meta.url);
const frames = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }));
const from = (direction) => frames.filter((golden) => golden.direction === direction);
const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));

test('there are golden frames of both sides', () => {
  assert.ok(from('server').length > 15);
  assert.ok(from('client').length > 10);
});

/** What the client makes of a publication: bytes are bytes. */
function plain({ encoding, ...publication }) {
  return encoding ? { ...publication, data: bytes(publication.data) } : publication;
}

for (const { file, about, frame, payload, binary } of from('server')) {
  test(`${file} is read: ${about}`, () => {
    const [message, ...more] = decode(binary ? bytes(binary) : JSON.stringify(frame));
    assert.deepEqual(more, []);
    const expected = frame.type === 'publication' ? plain(frame) : { ...frame };
    if (payload) expected.data = bytes(payload);
    if (expected.publications) expected.publications = expected.publications.map(plain);
    if (expected.subs) {
      for (const [channel, sub] of Object.entries(expected.subs)) {
        sub.channel = channel;
        sub.type = sub.code ? 'error' : 'subscribed';
      }
    }
    assert.deepEqual(message, expected);
  });

  test(`${file} in a batch is read as alone, optional fields left out or not`, () => {
    if (binary) return assert.deepEqual(decode(bytes(binary).buffer), decode(bytes(binary)));
    const { optional = [] } = frames.find((golden) => golden.file === file);
    const bare = Object.fromEntries(
      Object.entries(frame).filter(([key]) => !optional.includes(key)),
    );
    const messages = decode(JSON.stringify([frame, { type: 'ping' }, bare]));
    assert.equal(messages.length, 3);
    assert.deepEqual(messages[0], decode(JSON.stringify(frame))[0]);
    assert.deepEqual(
      messages.map(({ type }) => type),
      [frame.type, 'ping', frame.type],
    );
  });
}

for (const { file, about, frame, payload, binary } of from('client')) {
  test(`${file} is written: ${about}`, () => {
    if (binary) {
      assert.deepEqual(encode({ ...frame, data: bytes(payload) }), bytes(binary));
      return;
    }
    const { encoding, ...command } = frame;
    if (encoding) command.data = bytes(command.data);
    assert.deepEqual(JSON.parse(encode(command, false)), frame);
  });
}

test('what the client sends by itself has the shapes of the golden frames', async () => {
  const golden = (file) => frames.find((one) => one.file === file).frame;
  const { id: _, token, ...connect } = golden('connect.json');
  const renewals = [token];
  const c = await client({ token: () => renewals.shift(), client: connect.client, name: connect.name });
  c.board.subscribe('room:lobby', { since: connect.subs['room:lobby'] });
  c.board.subscribe('live:ticks');
  const { epoch, offset } = connect.subs['room:lobby'];
  c.socket().connects({
    subs: {
      'room:lobby': { channel: 'room:lobby', epoch, offset, recovered: true, publications: [] },
      'live:ticks': { channel: 'live:ticks', epoch, offset: 0, publications: [] },
    },
  });
  assert.deepEqual(c.socket().sent, [golden('connect.json')]);
  const written = [];
  const sends = async (file, act) => {
    c.socket().sent.length = 0;
    act();
    await settle();
    const { id, ...sent } = c.socket().sent[0];
    const { id: __, ...expected } = golden(file);
    assert.deepEqual(sent, expected, file);
    assert.equal(id === undefined, golden(file).id === undefined, file);
    written.push(file);
  };
  const renewed = golden('refresh.json');
  renewals.push(renewed.token);
  await sends('refresh.json', () => c.socket().says(golden('expiring.json')));
  c.socket().says({ ...golden('refreshed.json'), re: 2 });
  assert.equal(c.board.state.kind, 'online');
  const { publish } = { publish: golden('publish.json') };
  await sends('publish.json', () =>
    c.board.publish('room:lobby', publish.data, { key: publish.key }),
  );
  await sends('publish-ephemeral.json', () =>
    c.board.publish('room:lobby', { typing: true }, { ephemeral: true }),
  );
  const { since, limit, reverse } = golden('history-ask.json');
  await sends('history-ask.json', () => c.board.history('room:lobby', { since, limit, reverse }));
  await sends('presence-ask.json', () => c.board.presence('room:lobby'));
  await sends('ack.json', () => c.board.ack('room:lobby', 42));
  await sends('pong-by-client.json', () => c.socket().says({ type: 'ping' }));
  await sends('unsubscribe.json', () => c.board.subscribe('room:lobby').unsubscribe());
  const subscribe = golden('subscribe.json');
  await sends('subscribe.json', () =>
    c.board.subscribe('room:lobby', {
      since: subscribe.since,
      presence: true,
      token: () => subscribe.token,
    }),
  );
  assert.equal(written.length, 9);
});

const MALFORMED = {
  'no JSON': '{not json',
  'a number': '7',
  null: 'null',
  'no type': '{"channel":"room:a"}',
  'a publication without channel': '{"type":"publication","at":"","data":1}',
  'a publication without data': '{"type":"publication","channel":"room:a","at":"","offset":3}',
  'an offset that is text':
    '{"type":"publication","channel":"room:a","at":"","data":1,"offset":"3"}',
  'an offset of 0': '{"type":"publication","channel":"room:a","at":"","data":1,"offset":0}',
  'an offset beyond numbers':
    '{"type":"publication","channel":"room:a","at":"","data":1,"offset":9007199254740993}',
  'Base64 that is none':
    '{"type":"publication","channel":"room:a","at":"","data":"*","encoding":"base64","offset":3}',
  'an unknown encoding':
    '{"type":"publication","channel":"room:a","at":"","data":"","encoding":"rot13","offset":3}',
  'subscribed without epoch':
    '{"type":"subscribed","channel":"room:a","offset":1,"publications":[]}',
  'history with holes in its shape':
    '{"type":"history","re":2,"channel":"room:a","epoch":"e","offset":1,"publications":[{}]}',
  'connected with a list of subs':
    '{"type":"connected","re":1,"session":"s","user":"u","heartbeat":25,"subs":[]}',
  'a gap without end': '{"type":"gap","channel":"room:a","from":2}',
  'no bytes': new ArrayBuffer(0),
  'three bytes': new ArrayBuffer(3),
  'a header of no bytes': new ArrayBuffer(9),
  'a header longer than the frame': new Uint8Array([255, 255, 255, 255, 1]).buffer,
  'a header that is no JSON': new Uint8Array([0, 0, 0, 1, 65]).buffer,
  'a header that is no UTF-8': new Uint8Array([0, 0, 0, 2, 0xc3, 0x28]).buffer,
};

for (const [what, frame] of Object.entries(MALFORMED)) {
  test(`${what} is told as an error, and what follows is heard`, async () => {
    const c = await client();
    const lobby = c.board.subscribe('room:a');
    c.socket().connects({ subs: { 'room:a': { epoch: 'e', offset: 2, publications: [] } } });
    const seen = [];
    lobby.addEventListener('publication', ({ detail }) => seen.push(detail.offset));
    c.socket().says(frame);
    assert.deepEqual(c.errors, ['malformed']);
    c.socket().says({ type: 'publication', channel: 'room:a', offset: 3, at: '', data: 1 });
    assert.deepEqual(seen, [3]);
    assert.equal(c.board.state.kind, 'online');
  });
}

test('one bad message does not take its batch with it, and unknown types are passed over', () => {
  const types = decode('[{"type":"gap"},{"type":"constructor"},{"type":"pong","re":1},3]');
  assert.deepEqual(
    types.map(({ type }) => type),
    ['malformed', 'constructor', 'pong', 'malformed'],
  );
});
