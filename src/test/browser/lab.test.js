// @ts-check
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inEachBrowser } from './browsers.js';
import { Front } from './front.js';
import { base } from './server.js';
import { until } from './window.js';

const SHOTS = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
const KINDS = ['polling', 'long', 'sse', 'websocket'];

/** What a browser itself says of what is refused or left. */
const REFUSED = /WebSocket connection to .* failed|Failed to load resource|can’t establish a connection|was interrupted while/;

/** A window on the lab. */
class LabWindow {
  /** @type {string[]} */ complaints = [];

  /** @param {import('puppeteer-core').Page} page @param {Front} front @param {string} kind */
  constructor(page, front, kind) {
    this.page = page;
    this.front = front;
    this.kind = kind;
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /**
   * @param {import('node:test').TestContext} t
   * @param {{kind: string, browser: () => import('puppeteer-core').Browser}} around
   * @param {{phone?: boolean, expects?: RegExp, front?: Front, theme?: string}} [how]
   */
  static async open(t, { kind, browser }, { phone, expects, front, theme } = {}) {
    const way = front ?? (await Front.before(base));
    const context = await browser().createBrowserContext();
    const page = await context.newPage();
    const window = new LabWindow(page, way, kind);
    t.after(async () => {
      await context.close();
      await way.cut();
      const unexpected = window.complaints.filter((text) => !expects?.test(text));
      assert.deepEqual(unexpected, [], 'nothing in the console');
    });
    await page.setViewport(phone ? PHONE : DESKTOP);
    if (theme) {
      await page.evaluateOnNewDocument(
        (name) => localStorage.setItem('switchboard.theme', name),
        theme,
      );
    }
    await page.goto(new URL('lab.html', way.url).href);
    return window;
  }

  /** @param {string} selector @param {string | RegExp} text */
  sees(selector, text, within = 20_000) {
    const there = () =>
      this.page.$$eval(
        selector,
        (all, part, flags) =>
          all.some((one) =>
            new RegExp(part, flags).test(/** @type {HTMLElement} */ (one).innerText ?? ''),
          ),
        typeof text === 'string' ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : text.source,
        's',
      );
    return until(there, `"${text}" in ${selector}`, within);
  }

  /** @param {string} selector @returns {Promise<string>} */
  text(selector) {
    return this.page.$eval(selector, (one) => /** @type {HTMLElement} */ (one).innerText);
  }

  /** Clicks where a hand would, however long the page is. @param {string} selector */
  click(selector) {
    return this.page.$eval(selector, (one) => /** @type {HTMLElement} */ (one).click());
  }

  /** The cells of a row of the table of all numbers. @param {string} title @returns {Promise<string[]>} */
  row(title) {
    return this.page.$$eval(
      '#compare-rows tr',
      (rows, wanted) => {
        const row = rows.find((one) => one.querySelector('th')?.firstChild?.textContent === wanted);
        return [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent ?? '');
      },
      title,
    );
  }

  /** @param {string} name */
  async shot(name) {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}${this.kind}-${name}.png`, fullPage: true });
  }
}

const number = (/** @type {string} */ text) => Number(text.replace(/[^\d.]/g, ''));

inEachBrowser((around) => {
  test('the same messages four ways, and what each costs', async (t) => {
    const lab = await LabWindow.open(t, around, { expects: /was interrupted while/ });
    await lab.click('input[name="rate"][value="10"]');
    await lab.click('#compare-start');
    await until(
      async () => (await lab.row('Messages')).every((cell) => number(cell) >= 20),
      'twenty messages by each transport',
      30_000,
    );
    await until(
      async () => (await lab.row('Bytes from the server')).every((cell) => number(cell) > 0),
      'what the server has counted',
    );
    await lab.sees('#conclusion', /costs .* by WebSocket and .* by polling/);
    assert.deepEqual(await lab.row('Lost or twice'), Array(4).fill('0 · 0'));
    const requests = (await lab.row('Requests')).map(number);
    assert.ok(requests[0] >= 1 && requests[1] > requests[0], `${requests}: a long poll asks each time`);
    assert.deepEqual(requests.slice(2), [0, 0], 'a stream and a WebSocket ask no more');
    const late = await Promise.all(
      KINDS.map((kind) => lab.text(`.lane[data-kind="${kind}"] dd:nth-of-type(2)`)),
    );
    assert.ok(late.every((text) => /ms/.test(text)), String(late));
    await lab.shot('lab-compare');
    await lab.click('#compare-start');
    await lab.sees('#compare-status', /Stopped after/);
    assert.equal(await lab.text('#compare-start'), 'Start again');
  });

  test('the handshake of this browser, and the sum that proves it', async (t) => {
    const lab = await LabWindow.open(t, around);
    await lab.click('#handshake-again');
    await lab.sees('#steps .check', '✓ They are the same.');
    await lab.sees('#steps .check', '✓ It is this page’s origin.');
    await lab.sees('#steps pre', /GET \/\S*chat HTTP\/1\.1/);
    assert.equal((await lab.page.$$('#steps li')).length, 8);
    await lab.shot('lab-handshake');
  });

  test('frames by hand: chat, superchat, and a Ping of the server', async (t) => {
    const lab = await LabWindow.open(t, around);
    const say = async (/** @type {string} */ sample) => {
      await lab.page.$$eval(
        '#console-samples button',
        (all, name) =>
          /** @type {HTMLElement} */ (all.find((one) => one.textContent === name)).click(),
        sample,
      );
      await lab.click('#console-send');
    };
    await lab.click('#console-open');
    await lab.sees('#console-log .in', '"type":"welcome"');
    await say('join a room');
    await lab.sees('#console-log .in', '"type":"joined"');
    await lab.click('#console-log .out summary');
    await lab.sees('#console-log .out .anatomy', /masking key · 4 B/);
    await lab.sees('#console-log .out .anatomy', /opcode is 1, text/);
    await lab.shot('lab-console');
    await say('bytes, which chat refuses');
    await lab.sees('#console-log .in', '1003');
    await lab.sees('#console-log .note', 'both sides sent a Close frame');

    await lab.click('input[value="superchat"]');
    await lab.click('#console-open');
    await lab.sees('#console-log .note', 'the subprotocol is superchat');
    await say('connect');
    await lab.sees('#console-log .in', '"type":"connected"');
    await say('bytes');
    await lab.sees('#console-log .in', /"type":"published","re":6/);

    await lab.click('input[value="bench"]');
    await lab.click('#console-open');
    await lab.sees('#console-log .note', 'without a subprotocol');
    await say('a Ping frame, by the server');
    await lab.sees('#console-log .in', /"type":"pong","micros":\d+/);
    await say('four bytes');
    await lab.sees('#console-log .in', 'ca fe ba be');
  });

  test('what is no hex is told, and nothing is sent', async (t) => {
    const lab = await LabWindow.open(t, around);
    await lab.click('#console-open');
    await lab.sees('#console-log .in', '"type":"welcome"');
    await lab.click('#format-hex');
    await lab.page.$eval('#console-input', (field) => {
      /** @type {HTMLTextAreaElement} */ (field).value = 'hello';
    });
    await lab.click('#console-send');
    await lab.sees('#console-error', 'Bytes: expected hex digits 0–9 a–f, got “h”');
    assert.equal((await lab.page.$$('#console-log .out')).length, 0);
  });

  test('the doctor finds a good path good, as far as it was let', async (t) => {
    const lab = await LabWindow.open(t, around, { expects: /was interrupted while/ });
    await lab.click('#doctor-start');
    for (const check of ['seen', 'upgrade', 'subprotocol', 'stream']) {
      await until(
        () => lab.page.$(`[data-check="${check}"][data-state="good"]`),
        `${check} is good`,
        30_000,
      );
    }
    await lab.sees('[data-check="quiet"] p', /Quiet for/);
    await lab.click('#doctor-start');
    await lab.sees('.verdict', 'What was tested is well. Not everything was.');
    await lab.sees('[data-check="quiet"] p', /Open for .* when you stopped/);
  });

  test('the doctor sees that upgrades are refused, and says what to write where', async (t) => {
    const front = await Front.before(base);
    front.refuses = ({ upgrade }) => upgrade;
    const lab = await LabWindow.open(t, around, { front, expects: REFUSED });
    await lab.click('#doctor-start');
    await until(
      () => lab.page.$('[data-check="upgrade"][data-state="bad"]'),
      'the upgrade is found refused',
    );
    await until(
      () => lab.page.$('[data-check="stream"][data-state="good"]'),
      'events flow all the same',
      30_000,
    );
    await lab.click('#doctor-start');
    await lab.sees('.verdict', 'The client falls back to HTTP by itself');
    await lab.click('.advice details summary');
    await lab.sees('.advice pre', 'proxy_set_header Upgrade');
    await lab.shot('lab-doctor');
  });

  test('without its server’s side it says so, and the handshake works all the same', async (t) => {
    const front = await Front.before(base);
    front.refuses = ({ path }) => path.includes('/lab/') && !path.includes('/js/');
    const lab = await LabWindow.open(t, around, { front, expects: REFUSED });
    await lab.sees('#off', 'The server’s side does not answer');
    assert.equal(await lab.page.$eval('#compare-start', (one) => /** @type {any} */ (one).disabled), true);
    await lab.click('#handshake-again');
    await lab.sees('#steps .check', '✓ They are the same.');
  });

  test('on a phone nothing sticks out sideways, in both themes', async (t) => {
    /** @type {string[]} */
    const backgrounds = [];
    for (const theme of ['light', 'dark']) {
      const lab = await LabWindow.open(t, around, { phone: true, theme });
      await lab.click('#handshake-again');
      await lab.sees('#steps .check', '✓ They are the same.');
      await lab.click('#console-open');
      await lab.sees('#console-log .in', '"type":"welcome"');
      await lab.click('#console-log .in summary');
      const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      assert.equal(await lab.page.evaluate(over), 0);
      backgrounds.push(
        await lab.page.$eval('.panel', (one) => getComputedStyle(one).backgroundColor),
      );
      await lab.shot(`lab-phone-${theme}`);
    }
    assert.notEqual(backgrounds[0], backgrounds[1]);
  });

  test('every control has a name for those who do not see it', async (t) => {
    const lab = await LabWindow.open(t, around);
    const nameless = await lab.page.$$eval('button, input, textarea, a', (all) =>
      all
        .filter(
          (one) =>
            !one.textContent?.trim() &&
            !one.getAttribute('aria-label') &&
            ![.../** @type {any} */ (one).labels ?? []].some((label) => label.textContent.trim()),
        )
        .map((one) => one.outerHTML),
    );
    assert.deepEqual(nameless, []);
  });
});
