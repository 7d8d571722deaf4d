// @ts-check
// After how many quiet seconds is a WebSocket cut? The server that `run idle` has started has no heartbeat to
// speak of, so that only the proxies decide. Prints a table in Markdown.
import { randomUUID } from 'node:crypto';
import { Socket } from './socket.js';
import { direct, proxies } from './targets.js';

/** @typedef {import('./socket.js').Target} Target */

const PATIENCE = 150_000;
const BEAT = 20_000;

/** What goes over the line each 20 s. */
const names = ['nothing', 'Pongs of the client', 'messages of the server'];

/**
 * Opens a connection, keeps to the pattern, and returns how long it lived.
 *
 * @param {Target} target
 * @param {string} pattern
 */
async function life(target, pattern) {
  const room = randomUUID();
  const socket = await Socket.open(target, { protocol: 'chat' });
  await socket.hears('welcome');
  socket.say({ type: 'join', room, name: 'Ann' });
  await socket.hears('joined');
  const started = Date.now();
  /** @type {() => void} */ let beat = () => {};
  if (pattern === 'Pongs of the client') beat = () => socket.showLife();
  if (pattern === 'messages of the server') {
    const other = await Socket.open(direct, { protocol: 'chat' });
    await other.hears('welcome');
    other.say({ type: 'join', room, name: 'Bob' });
    beat = () => other.say({ type: 'say', room, text: 'tick' });
  }
  const beats = setInterval(beat, BEAT);
  /** @type {NodeJS.Timeout | undefined} */ let timer;
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE, null)));
  const ended = await Promise.race([socket.ended, patience]);
  clearInterval(beats);
  clearTimeout(timer);
  return ended === null ? `not in ${PATIENCE / 1000} s` : `${Math.round((ended - started) / 1000)} s`;
}

const rows = await Promise.all(
  proxies.map(async ({ name, plain, tls }) => {
    const lives = await Promise.all(
      names.map(async (pattern) => {
        const [clear, encrypted] = await Promise.all([life(plain, pattern), life(tls, pattern)]);
        return clear === encrypted ? clear : `${clear}; TLS ${encrypted}`;
      }),
    );
    return `| ${[name, ...lives].join(' | ')} |`;
  }),
);
console.log(`| each 20 s: | ${names.join(' | ')} |`);
console.log(`|---|${names.map(() => '---|').join('')}`);
for (const row of rows) console.log(row);
Socket.destroyAll();
