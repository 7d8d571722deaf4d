// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser } from './browsers.js';
import { Front } from './front.js';
import { api, base, publish, room } from './server.js';
import { ChatWindow, until } from './window.js';

/** Each of them sets `ran` if it is taken for anything but text. */
const EVIL = [
  '<script>window.ran=1</script>',
  '<img src=x onerror=window.ran=1>',
  '<svg onload=window.ran=1>',
  '"><iframe srcdoc="<script>parent.ran=1</script>">',
  "'-(window.ran=1)-'",
  'javascript:window.ran=1',
  'https://example.org/"onmouseover="window.ran=1',
  '<a href="javascript:window.ran=1">x</a>',
  '{{constructor.constructor("window.ran=1")()}}',
  '<style>*{background:url(//evil.example)}</style>',
];

/** Runs before the page: notes what its policy refuses, which is a mistake of the page. */
function watch() {
  const own = /** @type {any} */ (window);
  own.refused = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    own.refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`);
  });
}

const ran = () => /** @type {any} */ (window).ran ?? /** @type {any} */ (window).refused;

inEachBrowser(({ kind, browser }) => {
  test('nothing that others send runs', async (t) => {
    const name = `${room(`evil-${kind}`)}${EVIL[1]}`;
    const open = (/** @type {string} */ who) =>
      ChatWindow.open(t, { kind, browser: browser(), base }, { name: who, room: name, script: watch });
    const ann = await open(EVIL[0].slice(0, 64));
    const bob = await open(EVIL[1].slice(0, 64));
    for (const text of EVIL) await ann.say(text);
    for (const text of EVIL) {
      await publish(name, { text, name: text });
      await publish(name, { push: text, [text]: text });
    }
    await publish(name, { text: 'the last one' });
    for (const window of [ann, bob]) {
      await window.hears('the last one');
      await window.keys('Alt', 'KeyW');
      assert.deepEqual(await window.page.evaluate(ran), [], 'something ran, or was refused');
      const links = await window.page.$$eval('main a', (all) =>
        all.map((one) => /** @type {HTMLAnchorElement} */ (one).protocol),
      );
      assert.ok(!links.includes('javascript:'), String(links));
      assert.equal(await window.count('main script, main iframe, main style, main img'), 0);
    }
    await api('publish', { channel: `room:${name}`, data: 1 });
  });

  test('a script that got into the page does not run', async (t) => {
    const front = await Front.before(base);
    front.edits = (html) =>
      html.replace(
        '</body>',
        '<script>window.ran = 1</script><img src="x" onerror="window.ran = 1"></body>',
      );
    const ann = await ChatWindow.open(
      t,
      { kind, browser: browser(), base },
      { name: 'Ann', room: room(`inline-${kind}`), script: watch, front },
    );
    ann.expects = /Content.Security.Policy|inline|404/i;
    const refused = await until(
      () => ann.page.evaluate(() => /** @type {any} */ (window).refused.join()),
      'the browser refuses it',
    );
    assert.match(refused, /script-src/);
    assert.equal(await ann.page.evaluate(() => /** @type {any} */ (window).ran), undefined);
  });

  test('the lab needs nothing that its policy refuses', async () => {
    const page = await browser().newPage();
    /** @type {string[]} */ const complaints = [];
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
    });
    await page.evaluateOnNewDocument(watch);
    await page.goto(new URL('lab.html', base).href);
    await until(() => page.$('canvas'), 'the charts are drawn');
    assert.deepEqual(await page.evaluate(ran), []);
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
