import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Chat } from '../../../webapp/js/chat/chat.js';
import { line } from './fakes.js';

// The same files are read by the Java tests: what the server writes there, the page must take.
const folder = new URL('../resources/wire/chat/', import.meta.url);
const frames = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }));
const fromServer = frames.filter(({ direction }) => direction === 'server');

test('there are golden frames of the server', () => {
  assert.ok(fromServer.length > 0, `no frame with "direction": "server" in ${folder.pathname}`);
});

for (const { file, about, frame } of fromServer) {
  test(`${file} is understood: ${about}`, () => {
    const l = line();
    const chat = new Chat({ send: () => true, changed: () => {}, now: () => l.clock.now() });
    l.connection.connect();
    l.socket().welcomes();
    chat.linkChanged(l.connection.state);
    for (const message of l.messages.splice(0)) chat.receive(message);
    for (const room of new Set(['lobby', frame.room ?? 'lobby'])) {
      chat.open(room);
      chat.receive({ type: 'joined', room, user: chat.user, name: 'Me', at: '' });
    }
    l.socket().says(frame);
    assert.equal(l.messages.length, 1, 'the connection hands it on');
    assert.equal(chat.receive(l.messages[0]), true, `type ${frame.type} is known`);
    assert.deepEqual(
      l.wire.filter((event) => event.kind === 'note' && /not a JSON/.test(event.text)),
      [],
    );
  });
}
