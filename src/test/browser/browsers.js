// @ts-check
import { existsSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import puppeteer from 'puppeteer-core';

/**
 * @typedef {import('puppeteer-core').Browser} Browser
 * @typedef {'chromium' | 'firefox'} Kind
 */

const wanted = process.env.BROWSER ?? 'both';
if (!['chromium', 'firefox', 'both'].includes(wanted)) {
  throw new Error(`BROWSER: expected chromium, firefox or both, not ${wanted}`);
}
/** Those that are wanted. @type {Kind[]} */
export const kinds = wanted === 'both' ? ['chromium', 'firefox'] : [/** @type {Kind} */ (wanted)];

const PLACES = {
  chromium: process.env.CHROMIUM || '/usr/bin/chromium',
  firefox: process.env.FIREFOX || '/usr/bin/firefox-esr',
};

/** @param {Kind} kind @param {{dark?: boolean}} [how] @returns {Promise<Browser>} */
export function launch(kind, { dark = false } = {}) {
  const executablePath = PLACES[kind];
  if (!existsSync(executablePath)) throw new Error(`there is no ${kind} at ${executablePath}`);
  return puppeteer.launch({
    browser: kind === 'chromium' ? 'chrome' : 'firefox',
    executablePath,
    headless: true,
    args:
      kind === 'chromium'
        ? [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--disable-dev-shm-usage',
            '--disable-background-networking',
            `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
          ]
        : [],
    extraPrefsFirefox: {
      'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
      // Drawers stand at once, so that a picture shows them in their place.
      'ui.prefersReducedMotion': 1,
      'datareporting.policy.dataSubmissionEnabled': false,
    },
  });
}

/**
 * The same tests in each browser that is wanted, in all of them at a time.
 *
 * @param {(around: {kind: Kind, browser: () => Browser}) => void} tests
 */
export function inEachBrowser(tests) {
  describe('the page', { concurrency: kinds.length }, () => {
    for (const kind of kinds) {
      describe(`in ${kind}`, { concurrency: 1 }, () => {
        /** @type {Browser} */
        let browser;
        before(async () => {
          browser = await launch(kind);
        });
        after(() => browser.close());
        tests({ kind, browser: () => browser });
      });
    }
  });
}
