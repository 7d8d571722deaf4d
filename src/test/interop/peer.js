// @ts-check
// A client that runs as a process of its own: orders go in as lines, what it sees comes out as lines.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How long anything may take that is not waited for on purpose; a JVM and a browser start meanwhile. */
const PATIENCE = 120_000;

/** Nothing came. */
export class InVain extends Error {}

export class Peer {
  name;
  version = '?';
  /** What went wrong first; nothing more is asked of this client then. @type {string | undefined} */
  failure;
  /** How many Pings its library showed. */
  pings = 0;
  #process;
  /** @type {{word: string, rest: string}[]} */
  #seen = [];
  #wake = () => {};
  #ended = false;
  #complaints = '';

  /** @param {string} name @param {string[]} command */
  constructor(name, [program, ...args]) {
    this.name = name;
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.on('error', (e) => this.#end(String(e)));
    this.#process.stdin.on('error', () => {}); // it has ended, which is told below
    this.#process.stderr.on('data', (data) => (this.#complaints += data));
    const lines = createInterface({ input: this.#process.stdout });
    lines.on('line', (line) => {
      const at = line.indexOf(' ');
      const word = at < 0 ? line : line.slice(0, at);
      if (word === 'ping') this.pings++;
      else this.#seen.push({ word, rest: at < 0 ? '' : line.slice(at + 1) });
      this.#wake();
    });
    lines.on('close', () => this.#end('the process ended'));
  }

  /** @param {string} why */
  #end(why) {
    if (this.#ended) return;
    this.#ended = true;
    this.#seen.push({ word: 'error', rest: `${why} ${this.#complaints.slice(-300)}`.replace(/\s+/g, ' ').trim() });
    this.#wake();
  }

  /** @param {string} line */
  tell(line) {
    this.#process.stdin.write(line + '\n');
  }

  /**
   * The next thing that it saw.
   * @param {string} what for which one waits, in words
   * @returns {Promise<{word: string, rest: string}>}
   */
  async next(what) {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const seen = this.#seen.shift();
      if (seen) return seen;
      if (this.#ended) throw new Error('the process has ended');
      const left = until - Date.now();
      if (left <= 0) throw new InVain(`waited in vain for ${what}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left, undefined);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
  }

  /** The next thing, which must be of this kind. @param {string} word */
  async expect(word) {
    const seen = await this.next(word);
    if (seen.word !== word) throw new Error(`${seen.word} ${seen.rest.slice(0, 300)} instead of ${word}`);
    return seen.rest;
  }

  /** Lets it end, and ends it. */
  async end() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  }
}
