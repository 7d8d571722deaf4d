// @ts-check
// `browser.js chromium|firefox`: a page of the server itself in a browser without a window.
import puppeteer from 'puppeteer-core';
import { obey, tell } from './lines.js';

const kind = process.argv[2];
const browser = await puppeteer.launch({
  browser: kind === 'firefox' ? 'firefox' : 'chrome',
  executablePath: kind === 'firefox' ? '/usr/bin/firefox-esr' : '/usr/bin/chromium',
  args: kind === 'firefox' ? [] : ['--no-sandbox'],
  headless: true,
});
tell(`version ${(await browser.version()).replace(/^.*\//, '')}`);
/** @type {import('puppeteer-core').Page | undefined} */
let page;

/** In the page: the WebSocket, and what it saw and has not yet told. */
function prepare() {
  /** @type {WebSocket} */
  let socket;
  /** @type {string[]} */
  let seen = [];
  let awake = () => {};
  const see = (/** @type {string} */ line) => {
    seen.push(line);
    awake();
  };
  const hex = (/** @type {ArrayBuffer} */ bytes) =>
    [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('');
  Object.assign(window, {
    open_(/** @type {string} */ url, /** @type {string} */ subprotocol) {
      socket = new WebSocket(url, subprotocol);
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => see(`open ${socket.protocol}`);
      socket.onmessage = ({ data }) =>
        see(typeof data === 'string' ? `text ${data}` : `binary ${hex(data)}`);
      socket.onclose = ({ code, reason }) => see(`closed ${code} ${reason}`);
      socket.onerror = () => see('error the WebSocket said no more than error');
    },
    text_: (/** @type {string} */ message) => socket.send(message),
    binary_: (/** @type {number[]} */ message) => socket.send(new Uint8Array(message)),
    close_: (/** @type {number} */ code, /** @type {string} */ reason) => socket.close(code, reason),
    async seen_() {
      if (!seen.length) await new Promise((resolve) => (awake = () => resolve(undefined)));
      const lines = seen;
      seen = [];
      return lines;
    },
  });
}

/** Calls a function of the page. @param {string} name @param {unknown[]} args */
const call = (name, ...args) =>
  /** @type {import('puppeteer-core').Page} */ (page).evaluate(
    (f, a) => /** @type {any} */ (window)[f](...a),
    name,
    args,
  );

async function relay() {
  for (;;) for (const line of await call('seen_')) tell(line);
}

await obey({
  async open(url, subprotocol) {
    if (!page) {
      page = await browser.newPage();
      const beside = new URL('favicon.svg', url);
      beside.protocol = 'http:';
      await page.goto(beside.href); // a page of the same origin on which nothing runs
      await page.evaluate(prepare);
      relay().catch((e) => tell(`error ${String(e).replaceAll('\n', ' ')}`));
    }
    await call('open_', url, subprotocol);
  },
  text: (message) => call('text_', message),
  binary: (message) => call('binary_', [...message]),
  close: (code, reason) => call('close_', code, reason),
  end: () => browser.close(),
});
