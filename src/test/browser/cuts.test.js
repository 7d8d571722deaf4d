// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { inEachBrowser } from './browsers.js';
import { Front } from './front.js';
import { api, base, numbered, publishAll, room } from './server.js';
import { ChatWindow, until } from './window.js';

/** What a browser itself says of a connection that is cut; no script can keep it quiet. */
const CUT =
  /WebSocket connection to .* failed|net::ERR_|Failed to load resource|can’t establish a connection|was interrupted while/;

inEachBrowser(({ kind, browser }) => {
  const own = (/** @type {string} */ name) => room(`${name}-${kind}`);
  /** @param {import('node:test').TestContext} t @param {import('./window.js').Who} who */
  const open = async (t, who) => {
    const window = await ChatWindow.open(t, { kind, browser: browser(), base }, who);
    window.expects = CUT;
    return window;
  };

  test('cut in the middle of a stream: nothing lost, nothing twice, no flicker', async (t) => {
    const name = own('storm');
    const ann = await open(t, { name: 'Ann', room: name });
    await publishAll(name, numbered('line', 20));
    await ann.hears('line 20');
    await ann.page.evaluate(watchForFlicker);
    const total = 300;
    let told = 20;
    // Five at a time, as fast as they are taken; it is hung up on twice, and cut off for a while.
    while (told < total) {
      await publishAll(name, numbered('line', 5, told + 1));
      told += 5;
      if (told === 80 || told === 240) ann.front.hangUp();
      if (told === 150) {
        await ann.front.cut();
        await publishAll(name, numbered('line', 20, told + 1));
        told += 20;
        await ann.front.mend();
        await retry(ann);
      }
      await pause(20);
    }
    await ann.online();
    await ann.hears(`line ${told}`);
    assert.deepEqual(await ann.messages(), numbered('line', told));
    const { fewest, first } = await ann.page.evaluate(() => /** @type {any} */ (window).flicker);
    assert.ok(fewest >= 20, `once only ${fewest} messages were shown`);
    assert.equal(
      await ann.page.$eval(
        '#log .message',
        (one) => one === /** @type {any} */ (window).flicker.row,
      ),
      true,
      `"${first}" was built anew`,
    );
    await ann.shot('after-the-storm');
  });

  test('what is said while offline waits, goes out by itself, and once', async (t) => {
    const name = own('island');
    const ann = await open(t, { name: 'Ann', room: name });
    const bob = await open(t, { name: 'Bob', room: name });
    await ann.say('before');
    await bob.hears('before');
    await ann.front.cut();
    await ann.is('#lamp[data-state="waiting"]');
    await bob.sees('#log .aside', 'Ann left');
    await ann.say('typed while offline');
    await ann.say('and another');
    await ann.sees('#log .pending.waits', 'Waits for the connection');
    await ann.sees('#composer-hint', 'goes out by itself');
    assert.equal(await ann.count('#log .message'), 3, 'what was there stays');
    await ann.is('#trouble:not([hidden])');
    await ann.shot('offline');
    for (const text of ['one', 'two', 'three']) await bob.say(text);
    await bob.hears('three');
    await ann.front.mend();
    await retry(ann);
    await bob.hears('and another');
    await ann.hears('and another');
    await ann.isNot('#log .pending');
    await ann.isNot('#trouble');
    const all = ['before', 'one', 'two', 'three', 'typed while offline', 'and another'];
    assert.deepEqual(await ann.messages(), all);
    assert.deepEqual(await bob.messages(), all);
  });

  test('it comes back without a hand on it, and without a word where that is soon', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('gust') });
    await ann.page.evaluate(() => {
      const trouble = /** @type {HTMLElement} */ (document.querySelector('#trouble'));
      Object.assign(window, { troubled: false });
      new MutationObserver(() => Object.assign(window, { troubled: !trouble.hidden })).observe(
        trouble,
        { attributes: true },
      );
    });
    const session = await ann.page.evaluate(() => performance.now());
    ann.front.hangUp();
    await until(async () => ann.front.upgrades.length === 2, 'it calls again');
    await ann.online();
    await ann.say('here again');
    await ann.hears('here again');
    const took = (await ann.page.evaluate(() => performance.now())) - session;
    const troubled = await ann.page.evaluate(() => /** @type {any} */ (window).troubled);
    if (took < 2_000) assert.equal(troubled, false);
  });

  test('a ticket is asked for anew when a connection is refused with 401', async (t) => {
    const name = own('gate');
    const front = await Front.before(base);
    let given = 0;
    let used = '';
    front.answers['/my/ticket'] = async () => {
      given += 1;
      // The second one was used already, as one that took too long on the way would have ended.
      if (given === 2) return { ticket: used };
      const fresh = await api('tickets', { user: `ann-${name}`, name: 'Ann' });
      used = fresh.ticket;
      return fresh;
    };
    front.edits = (html) =>
      html.replace(
        'name="switchboard-tickets" content=""',
        'name="switchboard-tickets" content="/my/ticket"',
      );
    const ann = await open(t, { room: name, front });
    assert.deepEqual([given, front.upgrades], [1, [101]]);
    front.hangUp();
    await publishAll(name, ['while she was out']);
    await until(async () => front.upgrades.length >= 3, 'it comes back');
    await ann.hears('while she was out');
    assert.deepEqual(front.upgrades, [101, 401, 101], 'refused once, then let in');
    assert.equal(given, 3);
    await ann.say('still Ann');
    await ann.hears('still Ann');
    assert.equal(await ann.text('#me-name'), 'Ann');
    assert.deepEqual(await ann.messages(), ['while she was out', 'still Ann']);
  });
});

/** People have a button; by now a wait may be long. @param {ChatWindow} window */
async function retry(window) {
  await window.page.evaluate(() => {
    /** @type {HTMLButtonElement} */ (document.querySelector('#trouble-retry')).click();
  });
}

/** Keeps in mind how few messages were ever shown, and whether the first is still the same. */
function watchForFlicker() {
  const log = /** @type {Element} */ (document.querySelector('#log'));
  const count = () => log.querySelectorAll('.message').length;
  const row = log.querySelector('.message');
  const flicker = { fewest: count(), row, first: row?.textContent };
  Object.assign(window, { flicker });
  new MutationObserver(() => (flicker.fewest = Math.min(flicker.fewest, count()))).observe(log, {
    childList: true,
  });
}
