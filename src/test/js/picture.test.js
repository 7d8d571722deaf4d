import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted, kindOf, read, roomFor, written } from '../../../webapp/js/chat/picture.js';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const picture = { type: 'image/png', name: 'a.png', alt: 'A', width: 4, height: 3, bytes: PNG };

/** @param {object} header @param {Uint8Array} bytes */
function enveloped(header, bytes) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const all = new Uint8Array(4 + text.length + bytes.length);
  new DataView(all.buffer).setUint32(0, text.length);
  all.set(text, 4);
  all.set(bytes, 4 + text.length);
  return all;
}

test('what is written is read', () => {
  const back = read(written(picture));
  assert.deepEqual({ ...back, bytes: [...(back?.bytes ?? [])] }, { ...picture, bytes: [...PNG] });
  const shifted = new Uint8Array([9, 9, ...written(picture)]).subarray(2);
  assert.equal(read(shifted)?.name, 'a.png');
});

test('kinds are known by their first bytes, not by what is said of them', () => {
  const text = (/** @type {string} */ one) => new TextEncoder().encode(one);
  assert.equal(kindOf(text('GIF89a…')), 'image/gif');
  assert.equal(kindOf(text('RIFF....WEBPVP8 ')), 'image/webp');
  assert.equal(kindOf(text('\0\0\0 ftypavif')), 'image/avif');
  assert.equal(kindOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0])), 'image/jpeg');
  assert.equal(kindOf(text('<svg onload=alert(1)>')), null);
  const lie = read(enveloped({ ...picture, type: 'text/html', bytes: undefined }, PNG));
  assert.equal(lie?.type, 'image/png');
  assert.equal(read(enveloped({ type: 'image/png' }, text('<svg>'))), null);
});

test('an image alone is a picture without words', () => {
  assert.deepEqual(read(PNG), { ...picture, name: '', alt: '', width: 0, height: 0 });
});

test('what is no picture is none, whatever it says', () => {
  for (const bytes of [[], [0], [0, 0, 0, 0], [0, 0, 0, 9, 1], [255, 255, 255, 255, 1, 2]]) {
    assert.equal(read(new Uint8Array(bytes)), null);
  }
  const broken = enveloped({}, PNG);
  broken[4] = 0;
  assert.equal(read(broken), null);
});

test('words and sides of others are bounded', () => {
  const far = read(enveloped({ name: 'n'.repeat(900), alt: 7, width: 1e9, height: -1 }, PNG));
  assert.deepEqual([far?.name.length, far?.alt, far?.width, far?.height], [120, '', 0, 0]);
});

test('a picture of the size that is allowed fits into a message, as Base64 too', () => {
  const bytes = new Uint8Array(roomFor(65_536));
  bytes.set(PNG);
  const all = written({ ...picture, name: 'ä'.repeat(200), alt: '€'.repeat(900), bytes });
  const command = {
    type: 'publish',
    id: 2 ** 53,
    channel: `room:${'é'.repeat(125)}`,
    key: 'k'.repeat(64),
  };
  const around = new TextEncoder().encode(JSON.stringify(command)).length;
  assert.ok(Math.ceil(all.length / 3) * 4 + around + 40 <= 65_536);
  assert.ok(roomFor(65_536) > 40_000);
  assert.equal(roomFor(512), 0);
});

test('fitting keeps the proportion and never enlarges', () => {
  assert.deepEqual(fitted({ width: 4000, height: 1000 }, 1600), { width: 1600, height: 400 });
  assert.deepEqual(fitted({ width: 30, height: 20 }, 1600), { width: 30, height: 20 });
  assert.deepEqual(fitted({ width: 9000, height: 1 }, 90), { width: 90, height: 1 });
});
