// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser } from './browsers.js';
import { Crowd } from './crowd.js';
import { base } from './server.js';
import { until } from './window.js';

/** How many are connected besides the page: `CONNECTIONS=10000 node --test admin-many.test.js`. */
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 500);

inEachBrowser(({ kind, browser }) => {
  test(`with ${CONNECTIONS} connections the page shows a hundred, finds one, and stays quick`, async (t) => {
    const crowd = await Crowd.of(kind, CONNECTIONS, base);
    t.after(() => crowd.end());
    const context = await browser().createBrowserContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.evaluateOnNewDocument(() => {
      /** How long the page was busy at a time. @type {number[]} */
      const busy = (/** @type {any} */ (globalThis).busy = []);
      if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
        new PerformanceObserver((list) =>
          list.getEntries().forEach((entry) => busy.push(entry.duration)),
        ).observe({ type: 'longtask' });
      }
    });
    await page.goto(new URL('admin.html', base).href);
    await page.waitForSelector('#sign-in:not([hidden])');
    await page.type('#key', process.env.SWITCHBOARD_API_KEY ?? '');
    await page.click('#sign-in-form button[type=submit]');
    const text = (/** @type {string} */ place) =>
      page.evaluate((selector) => document.querySelector(selector)?.textContent ?? '', place);
    await until(
      async () => Number((await text('#connections-count')).replace(/.* of |,/g, '')) > CONNECTIONS,
      'all are counted',
    );
    const rows = () => page.$$eval('#connection-rows tr', (all) => all.length);
    assert.equal(await rows(), 100);
    const up = await text('#tiles > div:last-child dd');
    await until(async () => (await text('#tiles > div:last-child dd')) !== up, 'another second');
    await page.select('#sort', 'since');
    await page.type('#search', `${kind}-${CONNECTIONS - 1}`);
    await until(async () => (await rows()) === 1, 'one is found');
    assert.match(await text('#connection-rows'), new RegExp(`${kind}-${CONNECTIONS - 1}`));
    const busy = await page.evaluate(() => /** @type {any} */ (globalThis).busy);
    t.diagnostic(
      `${kind}: ${busy.length} tasks of 50 ms or more, the longest ${Math.max(0, ...busy).toFixed(0)} ms`,
    );
  });
});
