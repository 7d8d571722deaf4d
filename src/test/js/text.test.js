import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  TINTS,
  initials,
  listed,
  onlyEmoji,
  pieces,
  size,
  tint,
} from '../../../webapp/js/chat/text.js';

/** @param {string} text */
const links = (text) => pieces(text).flatMap((piece) => (piece.href ? [piece.href] : []));

test('links are found, and the text around them is kept to the letter', () => {
  const text = 'see http://a.example/x?y=1, or (https://b.example/c_(d)) now.';
  assert.deepEqual(links(text), ['http://a.example/x?y=1', 'https://b.example/c_(d)']);
  assert.equal(
    pieces(text)
      .map((piece) => piece.text)
      .join(''),
    text,
  );
});

test('only http and https become links', () => {
  assert.deepEqual(links('javascript:alert(1) data:text/html,x file:///etc ftp://x'), []);
  assert.deepEqual(links('xhttps://nope'), []);
});

test('markup is text like any other', () => {
  const text = '<img src=x onerror=alert(1)>';
  assert.deepEqual(pieces(text), [{ text, href: null }]);
});

test('a few emoji alone are told apart from text and numbers', () => {
  assert.deepEqual(['🎉', '👍🏽 👍', '👨‍👩‍👧', '🎉!', '42', '', '🎉🎉🎉🎉'].map(onlyEmoji), [
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('initials take one or two letters, whole ones', () => {
  assert.deepEqual(['Ann', 'ann b. clark', 'guest-7f3a', '🎈 Party', '   '].map(initials), [
    'A',
    'AC',
    'G7',
    '🎈P',
    '?',
  ]);
  assert.equal(initials('<img src=x>'), 'IX');
});

test('a name has one colour of the palette', () => {
  assert.equal(tint('Ann'), tint('Ann'));
  const used = new Set(Array.from({ length: 200 }, (_, i) => tint(`name ${i}`)));
  assert.equal(used.size, TINTS);
});

test('lists are read as people say them', () => {
  assert.equal(listed([]), '');
  assert.equal(listed(['A']), 'A');
  assert.equal(listed(['A', 'B', 'C', 'D']), 'A, B, C and D');
  assert.equal(listed(['A', 'B', 'C', 'D', 'E']), 'A, B, C and 2 others');
});

test('sizes are bytes until they are many', () => {
  assert.deepEqual(
    [size(5), size(1023), size(1536), size(2.5 * 1024 * 1024)],
    ['5 B', '1023 B', '1.5 KiB', '2.5 MiB'],
  );
});
