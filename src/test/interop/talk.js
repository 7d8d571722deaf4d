// @ts-check
// `talk.js URL OUT NAME=COMMAND…`: all clients meet in one room of the server at URL, first in chat,
// then in superchat. Prints a table and writes it as JSON to OUT. See README.md.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { deaf } from './deaf.js';
import { chat, superchat } from './dialects.js';
import { InVain, Peer } from './peer.js';
import { table } from './report.js';

/** @typedef {import('./dialects.js').Side} Side */

const [base, out, ...clients] = process.argv.slice(2);
const url = new URL('chat', base);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
const address = url.href;
const run = randomBytes(4).toString('hex');

/** @type {Peer[]} */
const peers = [];

/** Starts a client, or one that has failed again. @param {number} i */
async function start(i) {
  await peers[i]?.end();
  const at = clients[i].indexOf('=');
  const peer = new Peer(clients[i].slice(0, at), clients[i].slice(at + 1).split(' '));
  peers[i] = peer;
  try {
    peer.version = await peer.expect('version');
  } catch (e) {
    fail(peer, 'start', e);
  }
}

/** @param {Peer} peer @param {string} what @param {unknown} why */
function fail(peer, what, why) {
  peer.failure = `${what}: ${/** @type {Error} */ (why).message}`;
  console.log(`  ${peer.name}: ${peer.failure}`);
}

/**
 * Does something with all that have not failed, at once; who fails is left out from then on.
 * @param {Side[]} sides @param {string} what @param {(side: Side) => Promise<void>} how
 */
async function each(sides, what, how) {
  await Promise.all(
    sides.map(async (side) => {
      try {
        await how(side);
      } catch (e) {
        fail(side.peer, what, e);
      }
    }),
  );
  const left = sides.filter(({ peer }) => !peer.failure);
  console.log(`  ${what}: ${left.length} of ${sides.length}`);
  return left;
}

/** @param {string} subprotocol @param {Side} side */
async function open(subprotocol, { peer }) {
  peer.tell(`open ${address} ${subprotocol}`);
  const selected = await peer.expect('open');
  if (selected !== subprotocol) throw new Error(`the subprotocol is ${JSON.stringify(selected)}`);
}

/**
 * Everybody says one thing; everybody, also who said it, hears all of them once, in one order without holes.
 * @param {Side[]} sides @param {(side: Side) => string} what @param {'text' | 'bytes'} as
 */
async function round(sides, what, as) {
  const expected = new Set(sides.map(what));
  for (const side of sides) as === 'text' ? side.say(what(side)) : side.sayBytes?.(what(side));
  /** What stood at each number, as the first that heard it has it. @type {Map<number, unknown>} */
  const order = new Map();
  return async (/** @type {Side} */ side) => {
    const missing = new Set(expected);
    let last;
    while (missing.size) {
      const heard = await side.hear().catch((e) => {
        const by = sides.filter((s) => missing.has(what(s)));
        const all = [...order.values()];
        if (!by.includes(side) && e instanceof InVain && by.every((s) => !all.includes(what(s)))) return undefined;
        throw e;
      });
      if (!heard) return; // nobody heard it: not this one failed, but who should have said it
      const content = heard[as];
      if (last !== undefined && heard.number !== last + 1) {
        throw new Error(`${heard.number} came after ${last}`);
      }
      last = heard.number;
      if (content === undefined || !missing.delete(content)) {
        throw new Error(`heard what nobody said, or twice: ${String(content).slice(0, 60)}`);
      }
      if (order.has(last) && order.get(last) !== content) throw new Error('others heard another order');
      order.set(last, content);
    }
  };
}

/** @param {string} name */
const hello = (name) => `Grüße from ${name}, “quoted” \\ and 🎈\tand\nmore`;

/** 60,000 bytes of UTF-8 in characters of one to four bytes, so that parts end within them. @param {string} name */
function large(name) {
  const filler = 'aé€🎈';
  const head = `${name}: `;
  const rest = 60_000 - Buffer.byteLength(head);
  return head + filler.repeat(Math.floor(rest / 10)) + 'a'.repeat(rest % 10);
}

/** Every byte there is, and who says it. @param {string} name */
const bytes = (name) => Buffer.from([...Buffer.from(name), ...Array(256).keys()]).toString('hex');

/** @param {string} subprotocol @param {(peer: Peer, room: string) => Side} dialect */
async function converse(subprotocol, dialect) {
  console.log(subprotocol);
  const toStart = clients.map((_, i) => i).filter((i) => !peers[i] || peers[i].failure);
  // Not all at once: a JVM or a browser that starts takes what there is of a small machine.
  const starter = async () => {
    for (let i = toStart.shift(); i !== undefined; i = toStart.shift()) await start(i);
  };
  await Promise.all([starter(), starter(), starter()]);
  const room = `interop-${run}`;
  let sides = peers.filter((peer) => !peer.failure).map((peer) => dialect(peer, room));
  sides = await each(sides, 'open', (side) => open(subprotocol, side));
  sides = await each(sides, 'enter', (side) => side.enter(side.peer.name));
  sides = await each(sides, 'say and hear', await round(sides, (side) => hello(side.peer.name), 'text'));
  sides = await each(sides, '60,000 bytes', await round(sides, (side) => large(side.peer.name), 'text'));
  if (subprotocol === 'superchat') {
    sides = await each(sides, 'bytes', await round(sides, (side) => bytes(side.peer.name), 'bytes'));
  }
  sides = await heartbeat(subprotocol, sides);
  sides = await each(sides, 'close', close);
  sides = sides.map(({ peer }) => dialect(peer, `${room}-again`));
  sides = await each(sides, 'open again', (side) => open(subprotocol, side));
  sides = await each(sides, 'enter again', (side) => side.enter(side.peer.name));
  await each(sides, 'be closed', beClosed);
}

/**
 * They stay as long as the server takes to close one that answers no Ping, and still hear each other.
 * @param {string} subprotocol @param {Side[]} sides
 */
async function heartbeat(subprotocol, sides) {
  const again = (/** @type {Side} */ side) => `${side.peer.name} is still here`;
  const control = deaf(address, subprotocol).then((end) => {
    if (end.code !== 4201) throw new Error(`one that answers no Ping was closed with ${end.code}`);
    statusLine = end.statusLine;
    return round(sides.filter(({ peer }) => !peer.failure), again, 'text');
  });
  // Meanwhile the clients are listened to, for in superchat the ping is a message that wants an answer.
  return await each(sides, 'heartbeat', async (side) => {
    const first = side.hear();
    first.catch(() => {}); // told when it is waited for
    const hear = side.hear;
    let begun = false;
    side.hear = () => (begun ? hear() : ((begun = true), first));
    await Promise.race([control, first]);
    await (await control)(side);
  });
}

/** Everything up to the close, which must have this code. @param {Side} side @param {string} code */
async function untilClosed({ peer }, code) {
  let seen = await peer.next('closed');
  while (seen.word === 'text' || seen.word === 'binary') seen = await peer.next('closed');
  const [was] = seen.rest.split(' ');
  if (seen.word === 'closed' && was === '?') note(peer, 'does not show the answer to its own close');
  else if (seen.word !== 'closed' || was !== code) {
    throw new Error(`${seen.word} ${seen.rest.slice(0, 300)} instead of closed ${code}`);
  }
}

/** @param {Side} side */
async function close(side) {
  side.peer.tell('close 3001 done');
  await untilClosed(side, '3001');
}

/** @param {Side} side */
async function beClosed(side) {
  side.provoke();
  await untilClosed(side, String(side.provokes));
}

/**
 * What clients are known not to take. It is shown, and it is an error when it no longer holds.
 * RFC 9112, section 4: a status line may have no reason phrase, and Tomcat's has none.
 * @param {Peer} peer
 */
function known(peer) {
  const without = peer.name === 'Ruby faye-websocket' && statusLine.trimEnd() === 'HTTP/1.1 101';
  if (!without) return peer.failure ?? 'ok';
  note(peer, 'takes no status line without a reason phrase');
  return peer.failure?.includes('Invalid HTTP response') ? 'refuses the 101' : 'does what it is known not to do';
}

/** @param {Peer} peer @param {string} text */
function note(peer, text) {
  const known = notes.get(peer.name) ?? new Set();
  notes.set(peer.name, known.add(text));
}

/** @type {Map<string, Set<string>>} */
const notes = new Map();
let statusLine = '';
/** @type {import('./report.js').Row[]} */
const rows = [];
try {
  /** @type {Record<string, string[]>} */
  const results = {};
  for (const [name, dialect] of Object.entries({ chat, superchat })) {
    await converse(name, dialect);
    results[name] = peers.map(known);
  }
  peers.forEach((peer, i) => {
    if (peer.pings) note(peer, 'shows Pings');
    rows.push({
      client: peer.name,
      version: peer.version,
      chat: results.chat[i],
      superchat: results.superchat[i],
      notes: [...(notes.get(peer.name) ?? [])],
    });
  });
} finally {
  await Promise.all(peers.map((peer) => peer.end()));
}
writeFileSync(out, JSON.stringify({ statusLine, rows }, null, 1));
console.log(`\nThe server's status line: ${JSON.stringify(statusLine)}\n`);
console.log(table(rows));
const passed = ['ok', 'refuses the 101'];
if (rows.some((row) => !passed.includes(row.chat) || !passed.includes(row.superchat))) process.exitCode = 1;
