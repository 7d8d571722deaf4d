import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chatUrl,
  linkTo,
  roomFrom,
  roomName,
  transportFrom,
} from '../../../webapp/js/chat/address.js';

test('the endpoint is next to the page, at the root or below', () => {
  assert.equal(chatUrl('http://h:8080/'), 'http://h:8080/chat');
  assert.equal(chatUrl('http://h/switchboard/index.html?room=a#b'), 'http://h/switchboard/chat');
  assert.equal(chatUrl('https://h/switchboard/'), 'https://h/switchboard/chat');
});

test('a room is named by query or hash', () => {
  assert.equal(roomFrom('http://h/?room=tea%20room'), 'tea room');
  assert.equal(roomFrom('http://h/#caf%C3%A9'), 'café');
  assert.equal(roomFrom('http://h/?room=a#b'), 'b');
  assert.equal(roomFrom('http://h/#100%'), '100%');
  assert.equal(roomFrom('http://h/'), null);
});

test('a link to a room opens that room', () => {
  for (const room of ['lobby', 'a/b?c#d', '100%', '<img src=x>', 'tea room']) {
    assert.equal(roomFrom(linkTo('http://h/switchboard/?room=x', room)), room);
  }
});

test('a room name is trimmed, and refused when it cannot be one', () => {
  assert.equal(roomName('  #tea '), 'tea');
  assert.equal(roomName('   '), null);
  assert.equal(roomName('a\u0000b'), null);
  assert.equal(roomName('é'.repeat(125)), 'é'.repeat(125));
  assert.equal(roomName('é'.repeat(126)), null, '250 bytes and the prefix make a channel');
});

test('a transport is asked for by its name, and the wish stays in the address', () => {
  assert.equal(transportFrom('http://h/?transport=sse#a'), 'sse');
  assert.equal(transportFrom('http://h/?transport=pigeon'), null);
  assert.equal(transportFrom('http://h/?transport=toString'), null);
  assert.equal(linkTo('http://h/?room=a&transport=polling', 'b'), 'http://h/?transport=polling#b');
  assert.equal(linkTo('http://h/?transport=pigeon', 'b'), 'http://h/#b');
});
