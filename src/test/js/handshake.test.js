import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accept,
  header,
  readHandshake,
  requestText,
  responseText,
} from '../../../webapp/js/chat/handshake.js';

const told = {
  type: 'handshake',
  request: {
    line: 'GET /chat HTTP/1.1',
    headers: { Host: 'localhost:8080', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' },
  },
  response: { status: 101, headers: { 'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' } },
};

test('the sample of RFC 6455 section 1.3 comes out as printed there', async () => {
  const steps = await accept('dGhlIHNhbXBsZSBub25jZQ==', crypto.subtle);
  assert.deepEqual(steps, {
    joined: 'dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11',
    hex: 'b37a4f2cc0624f1690f64606cf385945b2bec4ea',
    accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  });
});

test('without crypto.subtle it says so instead of failing', async () => {
  assert.equal(await accept('dGhlIHNhbXBsZSBub25jZQ==', undefined), null);
});

test('request and response read as on the wire', () => {
  const handshake = readHandshake(told);
  assert.ok(handshake);
  assert.equal(
    requestText(handshake.request),
    'GET /chat HTTP/1.1\nHost: localhost:8080\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  );
  assert.equal(
    responseText(handshake.response),
    'HTTP/1.1 101 Switching Protocols\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  );
});

test('header names are compared without case', () => {
  assert.equal(header({ 'sec-websocket-KEY': 'k' }, 'Sec-WebSocket-Key'), 'k');
  assert.equal(header({}, 'Sec-WebSocket-Key'), undefined);
});

test('a handshake message without its parts is not taken for one', () => {
  assert.equal(readHandshake({ type: 'handshake' }), null);
  assert.equal(readHandshake({ ...told, response: {} }), null);
  assert.deepEqual(readHandshake({ ...told, response: { status: 101 } })?.response.headers, {});
});
