// @ts-check
import { hex } from './frames.js';

/**
 * What may be said on each kind of connection, to begin with.
 *
 * @typedef {'chat' | 'superchat' | 'bench'} Language
 * @typedef {{name: string, text?: string, hex?: string, note: string}} Sample
 */

/** A message of bytes of superchat, in hex. @param {string} header @param {string} payload */
function message(header, payload) {
  const bytes = new TextEncoder().encode(header);
  return `${hex([0, 0, bytes.length >> 8, bytes.length & 0xff, ...bytes])} ${payload}`;
}

/** @type {Record<Language, {title: string, protocol: string, query: string, about: string}>} */
export const LANGUAGES = {
  chat: {
    title: 'chat',
    protocol: 'chat',
    query: '',
    about: 'One flat JSON object in each text frame, without ids. Made to be typed.',
  },
  superchat: {
    title: 'superchat',
    protocol: 'superchat',
    query: '',
    about: 'Commands with ids, each answered by one; connect has to come within 5 s.',
  },
  bench: {
    title: 'echo bench',
    protocol: '',
    query: '?bench',
    about: 'A WebSocket that says nothing by itself and repeats what you say, text or bytes.',
  },
};

/** @type {Record<Language, Sample[]>} */
export const SAMPLES = {
  chat: [
    {
      name: 'join a room',
      text: '{"type":"join","room":"lab","name":"Ann","last":3}',
      note: 'Answered by joined, to everybody in the room, and history.',
    },
    {
      name: 'say something',
      text: '{"type":"say","room":"lab","text":"hello"}',
      note: 'Comes back as said. Join first, or see what not-joined looks like.',
    },
    { name: 'who is there', text: '{"type":"who","room":"lab"}', note: 'The room’s members.' },
    {
      name: 'ping, the message',
      text: '{"type":"ping"}',
      note: 'A message that happens to be called so: answered by pong in a text frame. A Ping frame is something else.',
    },
    {
      name: 'a mistake',
      text: '{"type":"shout","text":"HELLO"}',
      note: 'An error is a value: unknown-type, and the connection stays.',
    },
    {
      name: 'bytes, which chat refuses',
      hex: 'ca fe ba be',
      note: 'A binary frame closes with 1003: chat speaks text.',
    },
  ],
  superchat: [
    {
      name: 'connect',
      text: '{"type":"connect","id":1,"name":"Ann"}',
      note: 'Must come first. Answered by connected, with the limits.',
    },
    {
      name: 'subscribe',
      text: '{"type":"subscribe","id":2,"channel":"room:lab"}',
      note: 'States the position in the log: epoch and offset.',
    },
    {
      name: 'publish',
      text: '{"type":"publish","id":3,"channel":"room:lab","data":{"text":"hello"},"key":"once"}',
      note: 'Twice with the same key: the second is answered with duplicate.',
    },
    {
      name: 'two commands at once',
      text: '[{"type":"ping","id":4},{"type":"history","id":5,"channel":"room:lab","limit":2}]',
      note: 'An array is a batch; each command has its answer.',
    },
    {
      name: 'bytes',
      hex: message('{"type":"publish","id":6,"channel":"live:lab"}', 'ca fe ba be'),
      note: 'Four bytes of length, a JSON header (publish, id 6, live:lab), then four raw bytes.',
    },
    {
      name: 'a mistake',
      text: '{"type":"subscribe","id":7,"channel":"nowhere:x"}',
      note: 'error unknown-channel, with re: 7.',
    },
  ],
  bench: [
    { name: 'some text', text: 'hello', note: 'Comes back as it is.' },
    {
      name: 'a Ping frame, by the server',
      text: '{"type":"ping"}',
      note: 'The server sends a real Ping frame. Your browser answers with a Pong by itself, which no script sees; the server measures how long that took.',
    },
    { name: 'four bytes', hex: 'ca fe ba be', note: 'A binary frame, opcode 2.' },
    {
      name: '200 characters',
      text: 'x'.repeat(200),
      note: 'Longer than 125 bytes: the length needs two bytes more.',
    },
    { name: 'nothing', text: '', note: 'An empty message is a message.' },
  ],
};
