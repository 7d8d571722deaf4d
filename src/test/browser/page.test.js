import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Proxy } from './proxy.js';
import { ChatWindow, startChromium } from './window.js';

const address = process.env.SWITCHBOARD_URL;
if (!address) throw new Error('SWITCHBOARD_URL must name a running server, with a / at its end');
const base = new URL(address).href;
const apiKey = process.env.SWITCHBOARD_API_KEY;

const run = Math.random().toString(36).slice(2, 8);
const room = (/** @type {string} */ name) => `${name}-${run}`;
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  // Drawers stand at once, so that a picture shows them in their place.
  reducedMotion: /** @type {const} */ ('reduce'),
};

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser.close());

/** @param {import('node:test').TestContext} t @param {Parameters<typeof ChatWindow.open>[2]} who */
async function open(t, who, url = base) {
  const window = await ChatWindow.open(browser, url, { options: desktop, ...who });
  t.after(() => window.close());
  return window;
}

test('two windows talk', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('tea') });
  const bob = await open(t, { name: 'Bob', room: room('tea') });
  await ann.page.locator('#people-list').getByText('Bob', { exact: true }).waitFor();
  await ann.say('Is there tea?');
  await bob.hears('Is there tea?');
  await bob.say('There is, and a link: https://example.org/tea');
  await bob.say('Come over.');
  await ann.hears('Come over.');
  assert.deepEqual(await ann.messages(), await bob.messages());
  assert.equal((await ann.messages()).length, 3);
  assert.equal(await ann.page.locator('#log .own').count(), 1);
  assert.equal(await bob.page.locator('#log a').getAttribute('href'), 'https://example.org/tea');

  await ann.shot('two-windows-light');
  const cy = await open(t, { name: 'Cy', room: room('tea') });
  await cy.hears('Come over.');
  assert.equal((await cy.messages()).length, 3, 'who comes later gets the history');
  assert.equal(await cy.page.locator('#log .new').count(), 0, 'the past is not news');
  await ann.page.locator('#log .aside').getByText('Cy joined').waitFor();
  await cy.close();
  await ann.page.locator('#log .aside').getByText('Cy left').waitFor();
  assert.deepEqual([...ann.complaints, ...bob.complaints, ...cy.complaints], []);
});

test('one is cut off, comes back, and has everything exactly once', async (t) => {
  const proxy = new Proxy(new URL(base));
  await proxy.mend();
  t.after(() => proxy.cut());
  const ann = await open(t, { name: 'Ann', room: room('storm') }, proxy.url);
  const bob = await open(t, { name: 'Bob', room: room('storm') });
  await ann.say('before');
  await bob.hears('before');

  await proxy.cut();
  await ann.page.locator('#trouble[data-state="waiting"]').waitFor();
  await bob.page.locator('#log .aside').getByText('Ann left').waitFor();
  await ann.say('typed while offline');
  assert.equal(await ann.page.inputValue('#say'), 'typed while offline');
  assert.match(String(await ann.page.textContent('#composer-hint')), /Not sent/);
  await ann.shot('cut-off');
  for (const text of ['one', 'two', 'three']) await bob.say(text);
  await bob.hears('three');

  await proxy.mend();
  // It comes back by itself; by now a wait may be long, and people have a button.
  await ann.page
    .locator('#trouble-retry')
    .click({ timeout: 2000 })
    .catch(() => {});
  await ann.online();
  await ann.hears('three');
  await ann.page.press('#say', 'Enter');
  await bob.hears('typed while offline');
  await ann.hears('typed while offline');
  const all = ['before', 'one', 'two', 'three', 'typed while offline'];
  assert.deepEqual(await ann.messages(), all);
  assert.deepEqual(await bob.messages(), all);
  await ann.page.locator('#log .aside').getByText('You were disconnected for').waitFor();
  await ann.shot('back-again');
  const refused = ann.complaints.filter((text) => !/WebSocket connection to .* failed/.test(text));
  assert.deepEqual([...refused, ...bob.complaints], []);
});

test('a text that is too long stays in the field, and the line stays up', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('novel') });
  await ann.say('x'.repeat(70_000));
  await ann.page.locator('#composer-hint').getByText('too long').waitFor();
  assert.equal((await ann.page.inputValue('#say')).length, 70_000);
  await ann.say('short');
  await ann.hears('short');
  assert.deepEqual(await ann.messages(), ['short']);
  assert.deepEqual(ann.complaints, []);
});

test('it comes back without a hand on it', async (t) => {
  const proxy = new Proxy(new URL(base));
  await proxy.mend();
  t.after(() => proxy.cut());
  const ann = await open(t, { name: 'Ann', room: room('gust') }, proxy.url);
  await proxy.cut();
  await ann.page.locator('#lamp[data-state="waiting"]').waitFor();
  await proxy.mend();
  await ann.online();
  await ann.say('here again');
  await ann.hears('here again');
});

test('what is said elsewhere is marked unread until it is read', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('hall') });
  const bob = await open(t, { name: 'Bob', room: room('hall') });
  await bob.say('read by Ann');
  await ann.hears('read by Ann');
  await ann.join(room('attic'));
  await bob.say('first unread');
  await bob.say('second unread');
  const badge = ann.page.locator('#room-list li', { hasText: 'hall' }).locator('.badge');
  await badge.getByText('2').waitFor();
  assert.match(await ann.page.title(), /^\(2\) attic/);
  await ann.shot('unread');

  await ann.page.keyboard.press('Alt+ArrowUp');
  await ann.hears('second unread');
  await badge.waitFor({ state: 'detached' });
  assert.match(await ann.page.title(), /^hall/);
  const order = await ann.page
    .locator('#log .new, #log .bubble')
    .evaluateAll((all) => all.map((one) => one.textContent));
  assert.deepEqual(order, ['read by Ann', 'New', 'first unread', 'second unread']);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('the drawer shows the handshake, the same accept, and the frames', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('wire') });
  await ann.page.keyboard.press('Alt+w');
  await ann.page.locator('#proof.good').waitFor();
  const shown = String(await ann.page.textContent('#handshake'));
  assert.match(shown, /GET .*\/chat HTTP\/1\.1/);
  assert.match(shown, /Sec-WebSocket-Protocol: chat/);
  const accepted = /Sec-WebSocket-Accept: (\S{28})/.exec(shown)?.[1];
  assert.ok(String(await ann.page.textContent('.steps')).endsWith(String(accepted)));

  await ann.say('look at me');
  const frames = ann.page.locator('#frames');
  const sent = `{"type":"say","room":"${room('wire')}","text":"look at me"}`;
  await frames.locator('.out').getByText(sent, { exact: true }).waitFor();
  await frames.locator('.in', { hasText: '"type":"said"' }).waitFor();
  await ann.page.click('#frames-pause');
  await ann.say('in a pause');
  await ann.hears('in a pause');
  assert.equal(await frames.getByText('in a pause').count(), 0);
  await ann.page.click('#frames-pause');
  await ann.page.click('#frames-pretty');
  await ann.shot('wire-drawer');
  await ann.page.click('#frames-clear');
  assert.equal(await frames.locator('li').count(), 0);
  await ann.page.keyboard.press('Escape');
  await ann.page.locator('#wire').waitFor({ state: 'hidden' });
  assert.deepEqual(ann.complaints, []);
});

test('markup in name, room and text stays text', async (t) => {
  const evil = '<img src=x onerror=alert(1)>';
  const ann = await open(t, { name: evil, room: `${evil}${run}` });
  const bob = await open(t, { name: 'Bob', room: `${evil}${run}` });
  await ann.say(evil);
  await bob.hears(evil);
  await bob.join(`${evil}"'&amp;`);
  await bob.page.locator('#room-name').getByText(`${evil}"'&amp;`, { exact: true }).waitFor();
  await bob.page.keyboard.press('Alt+ArrowUp');
  await bob.hears(evil);
  for (const { page } of [ann, bob]) {
    assert.equal(await page.locator('main img, aside img, #wire img').count(), 0);
    assert.equal(await page.locator('#room-name').textContent(), `${evil}${run}`);
  }
  await bob.shot('markup-is-text');
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('the list follows only a reader at its end', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('long') });
  const bob = await open(t, { name: 'Bob', room: room('long') });
  for (let i = 1; i <= 30; i += 1) await bob.say(`line ${i}`);
  await ann.hears('line 30');
  const gap = () =>
    ann.page.locator('#log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  assert.ok((await gap()) < 2, 'at the end it follows');
  await ann.page.locator('#log').evaluate((log) => (log.scrollTop = 0));
  await ann.page.locator('#pill').waitFor();
  await bob.say('one more');
  await ann.page.locator('#pill').getByText('1 new message').waitFor();
  assert.equal(await ann.page.locator('#log').evaluate((log) => log.scrollTop), 0);
  await ann.page.click('#pill');
  await ann.page.locator('#pill').waitFor({ state: 'hidden' });
  assert.ok((await gap()) < 2);
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('dark, and a reload remembers name and rooms', async (t) => {
  const dark = { ...desktop, colorScheme: /** @type {const} */ ('dark') };
  const ann = await open(t, { name: 'Ann Dark', room: room('night'), options: dark });
  await ann.say('Good evening.');
  await ann.hears('Good evening.');
  await ann.shot('dark');
  const background = () =>
    ann.page.locator('main').evaluate((main) => getComputedStyle(main).backgroundColor);
  const before = await background();
  await ann.page.click('#theme');
  assert.notEqual(await background(), before, 'the toggle overrules the system');
  await ann.page.reload();
  await ann.online();
  await ann.hears('Good evening.');
  assert.equal(await ann.page.locator('#me-name').textContent(), 'Ann Dark');
  assert.equal(await ann.page.locator('#introduce').isVisible(), false);
  assert.notEqual(await background(), before);
  assert.deepEqual(ann.complaints, []);
});

test('on a phone rooms and people are drawers', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('pocket'), options: phone });
  const bob = await open(t, { name: 'Bob', room: room('pocket') });
  await bob.say('A message that is long enough to need a second line on a small screen.');
  await ann.say('Got it');
  await ann.hears('Got it');
  await ann.shot('phone');
  await ann.page.tap('#open-rooms');
  await ann.page.locator('#rooms-panel').getByText('You are').waitFor();
  await ann.shot('phone-rooms');
  await ann.page.keyboard.press('Escape');
  await ann.page.locator('#rooms-panel').waitFor({ state: 'hidden' });
  await ann.page.tap('#open-people');
  await ann.page.locator('#people-list').getByText('Bob', { exact: true }).waitFor();
  const width = await ann.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 390, 'nothing sticks out sideways');
  assert.deepEqual([...ann.complaints, ...bob.complaints], []);
});

test('every control has a name for those who do not see it', async (t) => {
  const ann = await open(t, { name: 'Ann', room: room('names') });
  const nameless = await ann.page.locator('button, input, textarea, [role]').evaluateAll((all) =>
    all
      .filter((one) => !one.closest('[hidden]'))
      .filter((one) => {
        const labels = /** @type {HTMLInputElement} */ (one).labels;
        return !(
          one.textContent?.trim() ||
          one.getAttribute('aria-label') ||
          one.getAttribute('role') === 'alert' ||
          one.getAttribute('role') === 'status' ||
          labels?.length
        );
      })
      .map((one) => one.outerHTML),
  );
  assert.deepEqual(nameless, []);
});

test(
  'what a server pushes with the API key reaches the room',
  { skip: !apiKey && 'SWITCHBOARD_API_KEY is not set' },
  async (t) => {
    const ann = await open(t, { name: 'Ann', room: room('push') });
    const publish = (/** @type {unknown} */ data) =>
      fetch(new URL('api/publish', base), {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel: `room:${room('push')}`, data }),
      });
    assert.equal((await publish({ text: 'from curl' })).status, 200);
    await ann.hears('from curl');
    assert.equal((await publish({ build: 412 })).status, 200);
    await ann.page.locator('#log .push', { hasText: '"build": 412' }).waitFor();
    assert.deepEqual(ann.complaints, []);
  },
);
