// @ts-check
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inEachBrowser } from './browsers.js';
import { Front } from './front.js';
import { base } from './server.js';
import { SlowReader, flood } from './slow-reader.js';
import { until } from './window.js';

const SHOTS = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));
const KEY = process.env.SWITCHBOARD_API_KEY ?? '';

/** What a browser itself says of an answer that is not 200. */
const REFUSED = /Failed to load resource/;

/** A window on the admin page. */
class AdminWindow {
  /** @type {string[]} */ complaints = [];

  /** @param {import('puppeteer-core').Page} page @param {string} kind */
  constructor(page, kind) {
    this.page = page;
    this.kind = kind;
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /**
   * @param {import('node:test').TestContext} t
   * @param {{kind: string, browser: () => import('puppeteer-core').Browser}} around
   * @param {{phone?: boolean, key?: string, expects?: RegExp, theme?: string}} [how]
   */
  static async open(t, { kind, browser }, { phone, key = KEY, expects, theme } = {}) {
    const front = await Front.before(base);
    const context = await browser().createBrowserContext();
    const page = await context.newPage();
    const window = new AdminWindow(page, kind);
    t.after(async () => {
      await context.close();
      await front.cut();
      const unexpected = window.complaints.filter((text) => !expects?.test(text));
      assert.deepEqual(unexpected, [], 'nothing in the console');
    });
    await page.setViewport(
      phone ? { width: 390, height: 844, deviceScaleFactor: 2 } : { width: 1280, height: 1400 },
    );
    if (theme) {
      await page.evaluateOnNewDocument(
        (name) => localStorage.setItem('switchboard.theme', name),
        theme,
      );
    }
    await page.goto(new URL('admin.html', front.url).href);
    await page.waitForSelector('#sign-in:not([hidden])');
    if (key !== '') {
      await page.type('#key', key);
      await page.click('#sign-in-form button[type=submit]');
    }
    return window;
  }

  /** @param {string} selector */
  text(selector) {
    return this.page.evaluate(
      (place) => document.querySelector(place)?.textContent ?? '',
      selector,
    );
  }

  /** @param {string} selector @param {RegExp} wanted @param {string} [what] */
  shows(selector, wanted, what = selector) {
    return until(async () => wanted.test(await this.text(selector)), what);
  }

  /** @param {string} name */
  async shot(name) {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}${this.kind}-admin-${name}.png`, fullPage: true });
  }
}

inEachBrowser((around) => {
  test('a wrong key is refused in words, and shows nothing', async (t) => {
    const admin = await AdminWindow.open(t, around, { key: 'wrong', expects: REFUSED });
    await admin.shows('#sign-in-error', /Authorization: expected Bearer/);
    assert.equal(await admin.page.$eval('#signed-in', (all) => /** @type {HTMLElement} */ (all).hidden), true);
    await admin.page.click('#sign-in-known');
    await admin.shows('#sign-in-error', /does not know you/);
    await admin.shot('sign-in');
  });

  test('the slow reader is found, its queue is seen, and it is disconnected', async (t) => {
    const channel = `room:slow-${Date.now()}`;
    const name = `Snail ${Date.now() % 1e6}`;
    const reader = await SlowReader.on(base, channel, name);
    t.after(() => reader.end());
    await flood(base, channel, KEY);

    const admin = await AdminWindow.open(t, around, { expects: REFUSED });
    await admin.shows('#node-state', /Ready/);
    // The other browser's may be before it.
    await until(
      () =>
        admin.page.$$eval(
          '#connection-rows tr:nth-child(-n+2)',
          (rows, called) => rows.some((row) => row.textContent?.includes(called)),
          name,
        ),
      'the longest queues first',
    );
    assert.match(await admin.text('#connection-rows tr:first-child td:nth-child(6)'), /\d+ (kB|KiB|MB|MiB)/);
    await admin.page.type('#search', name);
    await admin.shows('#connections-count', /^1$/);
    await admin.page.click('#connection-rows tr:first-child button');
    await admin.shows('#story-title', new RegExp(name));
    await admin.shows('#story-queue', /frames wait/);
    await admin.shows('#story-body', new RegExp(`${channel}: told up to \\d+, behind`));
    await admin.shows('#story-body', /Sec-WebSocket-Protocol: superchat/);
    await admin.shot('story');
    await admin.page.type('#story-reason', 'reads nothing');
    await admin.page.click('#story-disconnect button[type=submit]');
    await admin.shows('#story-error', /Disconnected/);
    reader.wake();
    await reader.closed;
    await admin.page.click('#story-close');
    await admin.shows('#connections-count', /^0$/, 'it is gone from the list');
  });

  test('numbers move each second, over superchat, and publishing is seen', async (t) => {
    const admin = await AdminWindow.open(t, around);
    await admin.shows('#chart-rates .u-legend', /to clients/);
    const points = () =>
      admin.page.$$eval('#chart-rates .u-legend .u-value', (values) =>
        values.map((value) => value.textContent),
      );
    await until(async () => (await points()).length === 4, 'a chart with three lines');
    const up = await admin.text('#tiles > div:last-child dd');
    await until(async () => (await admin.text('#tiles > div:last-child dd')) !== up, 'another second');
    await admin.shows('#connection-rows', /admin-page/, 'the page sees its own connection');
    await admin.page.type('#publish-channel', 'room:lobby');
    await admin.page.click('#publish-form button');
    await admin.shows('#publish-result', /Published, with offset \d/);
    await admin.page.$eval('#publish-data', (area) => {
      /** @type {HTMLTextAreaElement} */ (area).value = '{oops';
    });
    await admin.page.click('#publish-form button');
    await admin.shows('#publish-result', /not JSON/);
    await admin.shows('#channel-rows', /admin:node/);
    await admin.shot('light');
  });

  test('what clients call themselves stays text', async (t) => {
    const name = '<img src=x onerror=document.title="pwned">';
    const channel = `room:<b>${Date.now()}`;
    const reader = await SlowReader.on(base, channel, name.slice(0, 40));
    t.after(() => reader.end());
    const admin = await AdminWindow.open(t, around, { theme: 'dark' });
    await admin.page.type('#search', '<img');
    await admin.shows('#connection-rows', /<img src=x/);
    await admin.page.click('#connection-rows tr:first-child button');
    await admin.shows('#story-title', /<img src=x/);
    await admin.shows('#story-body', /room:<b>/);
    assert.equal(await admin.page.$$eval('#connections img, #story img, #story b', (all) => all.length), 0);
    assert.doesNotMatch(await admin.page.title(), /pwned/);
    await admin.shot('dark');
  });

  test('on a phone nothing is wider than the page', async (t) => {
    const admin = await AdminWindow.open(t, around, { phone: true });
    await admin.shows('#node-state', /Ready/);
    await admin.shows('#connection-rows', /admin-page/);
    const [page, screen] = await admin.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    assert.ok(page <= screen, `${page} of ${screen}`);
    await admin.shot('phone');
  });
});
