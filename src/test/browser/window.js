// @ts-check
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Front } from './front.js';

/**
 * @typedef {import('puppeteer-core').Browser} Browser
 * @typedef {import('puppeteer-core').BrowserContext} Context
 * @typedef {import('puppeteer-core').Page} Page
 *
 * @typedef {object} Who
 * @property {string} room
 * @property {string} [name]
 * @property {boolean} [phone]
 * @property {Front} [front] the way to the server; one of its own otherwise
 * @property {Context} [context] a browser profile that has other windows
 * @property {string} [search] of the address
 * @property {() => void} [script] runs before the page's own
 */

const SHOTS = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
const WITHIN = 20_000;

/** Says what is waited for as long as it is not so, then gives up. */
export async function until(
  /** @type {() => Promise<any>} */ look,
  /** @type {string} */ what,
  within = WITHIN,
) {
  const end = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await pause(30);
  }
}

/** One person's browser window on the chat, and everything it complained about. */
export class ChatWindow {
  /** @type {string[]} */ complaints = [];
  /** Complaints of the browser itself that belong to the test. @type {RegExp | null} */
  expects = null;

  /** @param {Page} page @param {Front} front @param {Who} who @param {string} kind */
  constructor(page, front, who, kind) {
    this.page = page;
    this.front = front;
    this.room = who.room;
    this.kind = kind;
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`a dialog opened: ${dialog.message()}`);
      dialog.dismiss();
    });
  }

  /**
   * Opens a window, and with the end of the test closes it and hears its complaints.
   *
   * @param {import('node:test').TestContext} t
   * @param {{kind: string, browser: Browser, base: URL}} around
   * @param {Who} who
   */
  static async open(t, { kind, browser, base }, who) {
    const front = who.front ?? (await Front.before(base));
    const context = who.context ?? (await browser.createBrowserContext());
    const page = await context.newPage({ type: 'window' });
    const window = new ChatWindow(page, front, who, kind);
    t.after(async () => {
      const unexpected = window.complaints.filter((text) => !window.expects?.test(text));
      try {
        await window.close();
        if (!who.context) await context.close();
      } finally {
        await front.cut();
      }
      assert.deepEqual(unexpected, [], 'nothing in the console');
    });
    const phone = { ...PHONE, isMobile: kind === 'chromium', hasTouch: kind === 'chromium' };
    await page.setViewport(who.phone ? phone : DESKTOP);
    if (kind === 'chromium') {
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    }
    if (who.script) await page.evaluateOnNewDocument(who.script);
    if (who.name) {
      // As if the person had been here before. Only once: what the page remembers later counts.
      await page.evaluateOnNewDocument((name) => {
        if (localStorage.getItem('switchboard.asked') === null) {
          localStorage.setItem('switchboard.name', name);
          localStorage.setItem('switchboard.asked', 'yes');
        }
      }, who.name);
    }
    await page.goto(`${front.url}${who.search ?? ''}#${encodeURIComponent(who.room)}`);
    await window.online();
    if (who.name) await window.sees('#people-list li', who.name);
    return window;
  }

  /** Answers the question for a name. @param {string} name */
  async introduce(name) {
    await this.fill('#introduce-name', name);
    await this.page.focus('#introduce-name');
    await this.page.keyboard.press('Enter');
    await this.sees('#people-list li', name);
    await this.online();
  }

  /** Waits until the page says it is connected and in its room. */
  async online() {
    await this.is('#lamp[data-state="online"]');
    await this.is('#people-list:not(.past) .avatar');
  }

  /** Waits for an element. @param {string} selector */
  is(selector, within = WITHIN) {
    const there = () => this.page.$(selector).then((found) => found !== null);
    return until(there, `${selector} in ${this.room}`, within);
  }

  /** Waits until an element is gone or not shown. @param {string} selector */
  isNot(selector) {
    const gone = () =>
      this.page.$$eval(selector, (all) =>
        all.every((one) => !one.checkVisibility({ visibilityProperty: true })),
      );
    return until(gone, `no ${selector} in ${this.room}`);
  }

  /** Waits until an element is shown that holds a text. @param {string} selector @param {string} text */
  sees(selector, text, within = WITHIN) {
    const there = () =>
      this.page.$$eval(
        selector,
        (all, part) => all.some((one) => one.textContent?.includes(part)),
        text,
      );
    return until(there, `"${text}" in ${selector} in ${this.room}`, within);
  }

  /** @param {string} selector @returns {Promise<string>} */
  text(selector) {
    return this.page.$eval(selector, (one) => one.textContent ?? '');
  }

  /** @param {string} selector @returns {Promise<string[]>} */
  texts(selector) {
    return this.page.$$eval(selector, (all) => all.map((one) => one.textContent ?? ''));
  }

  /** @param {string} selector */
  count(selector) {
    return this.page.$$eval(selector, (all) => all.length);
  }

  /** @param {string} selector @param {string} value */
  fill(selector, value) {
    return this.page.$eval(
      selector,
      (field, text) => {
        /** @type {HTMLInputElement} */ (field).value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      },
      value,
    );
  }

  /** @param {string} selector */
  click(selector) {
    return this.page.click(selector);
  }

  /** @param {string} text */
  async say(text) {
    await this.fill('#say', text);
    await this.page.focus('#say');
    await this.page.keyboard.press('Enter');
  }

  /** Waits until a message is there, sent and confirmed. @param {string} text */
  hears(text, within = WITHIN) {
    const there = async () => (await this.texts(CONFIRMED)).includes(text);
    return until(there, `"${text}" heard in ${this.room}`, within);
  }

  /** The texts of the messages, from top to bottom. @returns {Promise<string[]>} */
  messages() {
    return this.texts('#log .message .bubble');
  }

  /** @param {string} room */
  async join(room) {
    await this.fill('#join-room', room);
    await this.page.focus('#join-room');
    await this.page.keyboard.press('Enter');
    await this.is('#people-list .avatar');
  }

  /** Makes it the window that is looked at. In Chromium each is; in Firefox one at a time. */
  async look() {
    await this.page.bringToFront();
    await until(() => this.page.evaluate(() => document.hasFocus()), 'the window has the focus');
  }

  /** Nobody looks at it any more, as when another program is used. */
  async lookAway() {
    await this.page.evaluate(() => {
      document.hasFocus = () => false;
      dispatchEvent(new Event('blur'));
    });
  }

  /** @param {'Alt'} hold @param {import('puppeteer-core').KeyInput} key */
  async keys(hold, key) {
    await this.page.keyboard.down(hold);
    await this.page.keyboard.press(key);
    await this.page.keyboard.up(hold);
  }

  /** @param {string} name of the file */
  async shot(name) {
    mkdirSync(SHOTS, { recursive: true });
    const path = /** @type {`${string}.png`} */ (`${SHOTS}${this.kind}-${name}.png`);
    await this.page.screenshot({ path });
  }

  async close() {
    if (!this.page.isClosed()) await this.page.close();
  }
}

const CONFIRMED = '#log .message:not(.pending) .bubble';
