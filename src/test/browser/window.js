// @ts-check
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/**
 * @typedef {import('playwright-core').Browser} Browser
 * @typedef {import('playwright-core').BrowserContextOptions} ContextOptions
 */

const SHOTS = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));

/** Stricter than any server of ours: the page must get along with it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

/** On a phone the list of people is there, but in a closed drawer. */
const INSIDE = /** @type {const} */ ({ state: 'attached' });

/** @returns {Promise<Browser>} */
export function startChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A page whose headers a test has changed counts as one from the internet, which may not
      // call 127.0.0.1.
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
    ],
  });
}

/** One person's browser window on the chat, and everything it complained about. */
export class ChatWindow {
  /** @type {string[]} */ complaints = [];

  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`a dialog opened: ${dialog.message()}`);
      dialog.dismiss();
    });
  }

  /**
   * @param {Browser} browser
   * @param {string} url
   * @param {{name?: string, room: string, options?: ContextOptions}} who
   */
  static async open(browser, url, { name, room, options }) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const window = new ChatWindow(page);
    await page.route(url, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), 'content-security-policy': POLICY };
      await route.fulfill({ response, headers });
    });
    await page.goto(`${url}#${encodeURIComponent(room)}`);
    await window.online();
    if (name) {
      await page.fill('#introduce-name', name);
      await page.press('#introduce-name', 'Enter');
      await page.locator('#people-list').getByText(name, { exact: true }).waitFor(INSIDE);
    }
    return window;
  }

  /** Waits until the page says it is connected and in its room. */
  async online() {
    await this.page.locator('#lamp[data-state="online"]').waitFor();
    await this.page.locator('#people-list .avatar').first().waitFor(INSIDE);
  }

  /** @param {string} text */
  async say(text) {
    await this.page.fill('#say', text);
    await this.page.press('#say', 'Enter');
  }

  /** Waits until a message is there, sent and confirmed. @param {string} text */
  async hears(text) {
    await this.page
      .locator('#log .message:not(.pending) .bubble')
      .getByText(text, { exact: true })
      .first()
      .waitFor();
  }

  /** The texts of the messages, from top to bottom. @returns {Promise<string[]>} */
  messages() {
    return this.page.locator('#log .message .bubble').allTextContents();
  }

  /** @param {string} room */
  async join(room) {
    await this.page.fill('#join-room', room);
    await this.page.press('#join-room', 'Enter');
    await this.page.locator('#people-list .avatar').first().waitFor(INSIDE);
  }

  /** @param {string} name of the file */
  async shot(name) {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}${name}.png` });
  }

  close() {
    return this.page.context().close();
  }
}
