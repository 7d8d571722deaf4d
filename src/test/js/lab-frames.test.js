import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameConsole } from '../../../webapp/js/lab/console.js';
import { draw, hex, masked, readHex } from '../../../webapp/js/lab/frames.js';
import { LANGUAGES, SAMPLES } from '../../../webapp/js/lab/samples.js';

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const flat = (/** @type {import('../../../webapp/js/lab/frames.js').Drawn} */ drawn) =>
  hex(drawn.parts.flatMap((part) => [...part.bytes]));

test('the examples of RFC 6455 section 5.7 come out as printed there', () => {
  assert.equal(flat(draw(1, bytes('Hello'), null)), '81 05 48 65 6c 6c 6f');
  const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
  assert.equal(flat(draw(1, bytes('Hello'), mask)), '81 85 37 fa 21 3d 7f 9f 4d 51 58');
  assert.equal(flat(draw(9, bytes('Hello'), null)), '89 05 48 65 6c 6c 6f');
  assert.ok(flat(draw(2, new Uint8Array(256), null)).startsWith('82 7e 01 00 00'));
  assert.ok(flat(draw(2, new Uint8Array(65_536), null)).startsWith('82 7f 00 00 00 00 00 01 00 00 00'));
});

test('the header grows where the length does not fit', () => {
  const header = (/** @type {number} */ size) =>
    draw(1, new Uint8Array(size), new Uint8Array(4)).header;
  assert.deepEqual([0, 125, 126, 65_535, 65_536].map(header), [6, 6, 8, 8, 14]);
});

test('masking twice is nothing', () => {
  const mask = Uint8Array.of(1, 2, 3, 4);
  assert.deepEqual(masked(masked(bytes('hello'), mask), mask), bytes('hello'));
});

test('bytes are typed in hex, and mistakes are told', () => {
  assert.deepEqual(readHex('CA fe\nba be'), { bytes: Uint8Array.of(0xca, 0xfe, 0xba, 0xbe) });
  assert.deepEqual(readHex(''), { bytes: new Uint8Array() });
  assert.deepEqual(readHex('0xff'), { mistake: 'Bytes: expected hex digits 0–9 a–f, got “x”' });
  assert.deepEqual(readHex('abc'), {
    mistake: 'Bytes: expected two digits for each byte, got 3 digits',
  });
});

test('every sample can be sent, and that of superchat’s bytes is a message', () => {
  for (const sample of Object.values(SAMPLES).flat()) {
    assert.ok(sample.hex === undefined || 'bytes' in readHex(sample.hex), sample.name);
    assert.ok(sample.hex !== undefined || sample.text !== undefined, sample.name);
  }
  const sample = SAMPLES.superchat.find((one) => one.hex !== undefined);
  const read = readHex(String(sample?.hex));
  assert.ok('bytes' in read);
  const length = new DataView(read.bytes.buffer).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(read.bytes.slice(4, 4 + length)));
  assert.deepEqual(header, { type: 'publish', id: 6, channel: 'live:lab' });
  assert.equal(read.bytes.length, 4 + length + 4);
});

/** The socket a test holds the other end of. */
class Socket {
  /** @type {Socket[]} */ static made = [];
  /** @type {any[]} */ sent = [];
  protocol = '';
  /** @type {any} */ onopen;
  /** @type {any} */ onmessage;
  /** @type {any} */ onclose;

  /** @param {string} url @param {string[]} protocols */
  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
    Socket.made.push(this);
  }

  /** @param {any} data */
  send(data) {
    this.sent.push(data);
  }

  close() {}
}

/** @param {keyof LANGUAGES} language */
function opened(language) {
  const frames = new FrameConsole(
    'https://chat.example/app/lab.html',
    Socket,
    () => 0,
    (mask) => mask.fill(7),
  );
  frames.open(language);
  const socket = Socket.made[Socket.made.length - 1];
  return { frames, socket };
}

test('each language is asked for in its way', () => {
  assert.deepEqual(opened('superchat').socket.protocols, ['superchat']);
  const { socket } = opened('bench');
  assert.equal(socket.url, 'wss://chat.example/app/chat?bench');
  assert.deepEqual(socket.protocols, []);
});

test('what is sent and what comes is drawn', () => {
  const { frames, socket } = opened('chat');
  assert.equal(frames.sendText('early'), false, 'not before it is open');
  socket.onopen();
  assert.equal(frames.sendText('hé'), true);
  assert.equal(frames.sendBytes(Uint8Array.of(1)), true);
  socket.onmessage({ data: '{"type":"pong"}' });
  socket.onmessage({ data: Uint8Array.of(1, 2).buffer });
  const drawn = frames.entries.flatMap((one) => (one.kind === 'note' ? [] : [one]));
  assert.deepEqual(
    drawn.map((one) => [one.kind, one.opcode, one.drawn.size]),
    [
      ['out', 1, 9],
      ['out', 2, 7],
      ['in', 1, 17],
      ['in', 2, 4],
    ],
  );
  assert.deepEqual(socket.sent, ['hé', Uint8Array.of(1)]);
});

test('a Close frame is shown, and its absence too', () => {
  const clean = opened('chat');
  clean.socket.onopen();
  clean.socket.onclose({ code: 1003, reason: 'no', wasClean: true });
  const close = clean.frames.entries.find((one) => one.kind === 'in');
  assert.ok(close && close.kind === 'in');
  assert.equal(hex(close.bytes), '03 eb 6e 6f');
  assert.equal(close.text, '1003 no');

  const cut = opened('chat');
  cut.socket.onopen();
  cut.socket.onclose({ code: 1006, reason: '', wasClean: false });
  assert.ok(!cut.frames.entries.some((one) => one.kind === 'in'));
  assert.match(String(cut.frames.entries.at(-1)?.text), /no Close frame came/);
  assert.equal(cut.frames.state, 'closed');
});

test('an old connection says nothing into a new one, and the list is bounded', () => {
  const { frames, socket } = opened('chat');
  socket.onopen();
  frames.open('bench');
  const before = frames.entries.length;
  socket.onmessage({ data: 'late' });
  socket.onclose({ code: 1000, reason: '', wasClean: true });
  assert.equal(frames.entries.length, before);
  const second = Socket.made[Socket.made.length - 1];
  second.onopen();
  for (let i = 0; i < FrameConsole.KEPT + 10; i += 1) second.onmessage({ data: 'x' });
  assert.equal(frames.entries.length, FrameConsole.KEPT);
});
