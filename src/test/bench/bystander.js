// @ts-check
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const KEY = 'bystander';

/** Low enough to be reached by one process. */
const SETTINGS = {
  SWITCHBOARD_API_KEY: KEY,
  SWITCHBOARD_LOG_CONNECTIONS: 'false',
  SWITCHBOARD_HANDSHAKES_RATE: '50',
  SWITCHBOARD_HANDSHAKES_BURST: '100',
  SWITCHBOARD_NAMESPACE_ROOM_CHANNEL_RATE: '100',
};

/** The port of the server; set before anything is asked. */
let port = 0;
/** What came of what was done. @type {Record<string, number>} */
const counts = {};
const did = (/** @type {string | number} */ what) => (counts[what] = (counts[what] ?? 0) + 1);

/** A WebSocket that speaks superchat, in as few lines as it takes. */
class Socket {
  #bytes = Buffer.alloc(0);
  /** @type {(text: string) => void} */ onText = () => {};
  closed = false;

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('close', () => (this.closed = true));
  }

  /** @param {string} from the address that it comes from @returns {Promise<Socket>} */
  static async open(from) {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.setNoDelay(true);
    socket.write(
      `GET /chat HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        'Sec-WebSocket-Protocol: superchat\r\n\r\n',
    );
    let head = '';
    while (!head.includes('\r\n\r\n')) head += (await once(socket, 'data'))[0].toString('latin1');
    const status = Number(head.split(' ')[1]);
    did(status);
    if (status !== 101) {
      socket.destroy();
      throw new Error(String(status));
    }
    return new Socket(socket);
  }

  /** @param {Buffer} bytes */
  #read(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      if (this.#bytes.length < 2) return;
      const short = this.#bytes[1] & 0x7f;
      const at = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#bytes.length < at) return;
      const length =
        short < 126
          ? short
          : short === 126
            ? this.#bytes.readUInt16BE(2)
            : Number(this.#bytes.readBigUInt64BE(2));
      if (this.#bytes.length < at + length) return;
      const opcode = this.#bytes[0] & 0x0f;
      const payload = this.#bytes.subarray(at, at + length);
      this.#bytes = this.#bytes.subarray(at + length);
      if (opcode === 1) this.onText(payload.toString());
      if (opcode === 9) this.send(payload, 0x8a);
      if (opcode === 8) this.socket.destroy();
    }
  }

  /** @param {string | Uint8Array} payload @param {number} [first] */
  send(payload, first = 0x81) {
    const body = Buffer.from(payload);
    const head =
      body.length < 126
        ? Buffer.from([first, 0x80 | body.length])
        : Buffer.from([first, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    if (body.length >= 126) head.writeBigUInt64BE(BigInt(body.length), 2);
    // A mask of zeros changes nothing.
    this.socket.write(Buffer.concat([head, Buffer.alloc(4), body]));
  }

  /** @param {string} command @returns {Promise<any>} its answer */
  ask(command) {
    return new Promise((done, fail) => {
      const closed = () => fail(new Error('closed'));
      this.socket.once('close', closed);
      this.onText = (text) => {
        for (const message of [JSON.parse(text)].flat()) {
          if (message.re === undefined) continue;
          this.socket.off('close', closed);
          done(message);
        }
      };
      this.send(command);
    });
  }
}

/** @param {string} from */
async function connected(from) {
  const socket = await Socket.open(from);
  await socket.ask('{"type":"connect","id":1}');
  return socket;
}

/** @param {string} from @param {() => string} command @param {number} every milliseconds */
async function session(from, command, every) {
  const socket = await connected(from);
  while (!socket.closed) {
    const { type, code } = await socket.ask(command());
    did(code ?? type);
    await pause(every);
  }
}

/** @param {string} from @param {string} method @param {string} path @param {object} options @param {string | Buffer} [body] */
function call(from, method, path, options, body) {
  return new Promise((done) => {
    const asked = http.request({ host: '127.0.0.1', port, path, method, localAddress: from, ...options });
    asked.on('response', (answer) => {
      did(answer.statusCode ?? 0);
      answer.resume().on('end', () => done(undefined));
    });
    asked.on('error', () => {
      did('cut');
      done(undefined);
    });
    asked.end(body);
  });
}

const agent = new http.Agent({ keepAlive: true });
const json = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
let n = 0;

/** What somebody does again and again; how many do it. @type {Record<string, [number, () => Promise<unknown>]>} */
const ABUSES = {
  nobody: [1, () => pause(100)],
  'handshake-rate': [4, async () => (await Socket.open('127.0.0.9')).socket.destroy()],
  'key-guesses': [
    2,
    () => call('127.0.0.8', 'GET', '/api/channels', { agent, headers: { authorization: 'Bearer x' } }),
  ],
  'command-rate': [
    2,
    async () => {
      const socket = await connected('127.0.0.7');
      socket.onText = () => {};
      while (!socket.closed) {
        for (let i = 0; i < 20; i++) socket.send('{"type":"ping","id":2}');
        did('sent 20');
        await pause(5);
      }
    },
  ],
  'subscribe-attempts': [
    2,
    () => session('127.0.0.6', () => `{"type":"subscribe","id":2,"channel":"user:x${n++}"}`, 5),
  ],
  'channel-rate': [
    10,
    () => session('127.0.0.5', () => '{"type":"publish","id":2,"channel":"room:hot","data":1}', 5),
  ],
  'body-size': [
    2,
    () => call('127.0.0.4', 'POST', '/api/publish', { headers: json }, Buffer.alloc(2 << 20, ' ')),
  ],
  'message-size': [
    2,
    async () => {
      const socket = await Socket.open('127.0.0.3');
      socket.send('x'.repeat(70_000));
      await once(socket.socket, 'close');
    },
  ],
};

/** Does one of them until this process is ended. @param {string} name */
async function abuse(name) {
  const [count, once] = ABUSES[name];
  process.on('message', () => process.send?.(counts, () => process.exit()));
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (;;) {
        try {
          await once();
        } catch {
          await pause(1); // refused, or closed: again
        }
      }
    }),
  );
}

/** @param {number[]} sorted @param {number} part */
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/** @param {string} war @param {string[]} names @param {number} seconds */
async function measure(war, names, seconds) {
  const home = mkdtempSync(`${tmpdir()}/switchboard-bystander-`);
  const server = spawn('java', ['-jar', war, '--port', '0', '--host', '127.0.0.1'], {
    env: { ...process.env, ...SETTINGS, SWITCHBOARD_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    for await (const line of createInterface(server.stdout)) {
      const ready = /is ready at http:\/\/[^:]+:(\d+)/.exec(line);
      if (!ready) continue;
      port = Number(ready[1]);
      break;
    }
    server.stdout.resume();
    const bystander = await connected('127.0.0.1');
    await waits(bystander, 2); // warms up
    let calm = 1;
    console.log('somebody is at       p50 ms  p99 ms   to calm  and got');
    for (const name of names) {
      const other = fork(fileURLToPath(import.meta.url), ['--abuse', name, String(port)]);
      await pause(1000); // it reaches its limit
      const sorted = await waits(bystander, seconds);
      other.send('end');
      const [got] = await once(other, 'message');
      const p99 = quantile(sorted, 0.99);
      if (name === 'nobody') calm = p99;
      console.log(
        name.padEnd(20),
        quantile(sorted, 0.5).toFixed(2).padStart(6),
        p99.toFixed(2).padStart(7),
        (p99 / calm).toFixed(1).padStart(9),
        ` ${Object.entries(got).map(([what, count]) => `${what} × ${count}`).join(', ')}`,
      );
    }
  } finally {
    server.kill();
    await once(server, 'exit');
    rmSync(home, { recursive: true });
  }
}

/** How long answers take, fifty times a second. @param {Socket} bystander @param {number} seconds */
async function waits(bystander, seconds) {
  const all = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const at = performance.now();
    await bystander.ask('{"type":"ping","id":2}');
    all.push(performance.now() - at);
    await pause(20);
  }
  return all.sort((a, b) => a - b);
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--abuse') {
  port = Number(rest[1]);
  await abuse(rest[0]);
} else {
  const at = rest.indexOf('--seconds');
  const seconds = at < 0 ? 8 : Number(rest.splice(at, 2)[1]);
  const unknown = rest.filter((name) => !ABUSES[name]);
  if (!(seconds > 0) || unknown.length > 0) {
    console.error(`bystander: expected --seconds N and some of ${Object.keys(ABUSES).join(' ')}`);
    process.exit(2);
  }
  const names = rest.length === 0 ? Object.keys(ABUSES) : ['nobody', ...rest];
  await measure(first, [...new Set(names), 'nobody'], seconds);
}
