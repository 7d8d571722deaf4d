// @ts-check
import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { test } from 'node:test';

const KEY = 'proxies-test';
const QUIET = 1_500;

/** What comes for these bytes, until the connection ends or nothing comes any more. */
function answered(/** @type {string} */ port, /** @type {string} */ bytes) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = createConnection({ port: Number(port), host: '127.0.0.1' });
    const done = (/** @type {boolean} */ ended) => {
      socket.destroy();
      resolve({ text, ended, answers: text.match(/HTTP\/1\.1 \d{3}/g) ?? [] });
    };
    let timer = setTimeout(done, 10_000, false);
    socket.on('data', (data) => {
      text += data.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(done, QUIET, false);
    });
    socket.on('end', () => done(true));
    socket.on('error', reject);
    socket.write(bytes);
  });
}

const smuggled = (/** @type {string} */ channel) => {
  const body = JSON.stringify({ channel, data: 'smuggled' });
  return (
    `POST /api/publish HTTP/1.1\r\nHost: chat.example\r\nAuthorization: Bearer ${KEY}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
};

const upgrade = (/** @type {string} */ path, /** @type {string} */ more) =>
  `GET ${path} HTTP/1.1\r\nHost: chat.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n`;

const KEYED = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** Every way of being refused. @type {[string, number, string][]} */
const refusals = [
  ['another version', 426, upgrade('/chat', `${KEYED}Sec-WebSocket-Version: 777\r\n`)],
  ['no key', 400, upgrade('/chat', 'Sec-WebSocket-Version: 13\r\n')],
  [
    'an unknown subprotocol',
    400,
    upgrade('/chat', `${KEYED}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: x\r\n`),
  ],
  [
    'another origin',
    403,
    upgrade('/chat', `${KEYED}Sec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n`),
  ],
  ['a bad ticket', 401, upgrade('/chat?ticket=x', `${KEYED}Sec-WebSocket-Version: 13\r\n`)],
];

let count = 0;

async function carriedOut(/** @type {string} */ channel) {
  const answer = await fetch(
    `http://127.0.0.1:${process.env.DIRECT}/api/channels/${channel.replace(':', '/')}/history`,
    { headers: { Authorization: `Bearer ${KEY}` } },
  );
  assert.equal(answer.status, 200);
  const { publications } = await answer.json();
  return publications.length;
}

test('the attack works on a server that keeps the connection', async () => {
  const { answers } = await answered(
    String(process.env.CARELESS),
    upgrade('/chat', `${KEYED}Sec-WebSocket-Version: 777\r\n`) + smuggled('room:x'),
  );
  assert.equal(answers.length, 2, String(answers));
  const published = await fetch(`http://127.0.0.1:${process.env.CARELESS}/published`);
  assert.equal(await published.text(), '1', 'so this test can fail');
});

for (const [name, port] of [
  ['Varnish', process.env.VARNISH],
  ['nginx', process.env.NGINX],
]) {
  for (const [why, status, request] of refusals) {
    test(`nothing gets past ${name} behind ${why}`, async () => {
      const channel = `room:smuggled-${(count += 1)}`;
      const { answers, ended, text } = await answered(String(port), request + smuggled(channel));
      assert.equal(answers[0], `HTTP/1.1 ${status}`, text);
      // nginx reads the second request itself, and its rules apply to it.
      assert.ok(answers.length === 1 ? ended : answers[1] === 'HTTP/1.1 403', text);
      assert.equal(await carriedOut(channel), 0, text);
    });
  }
}
