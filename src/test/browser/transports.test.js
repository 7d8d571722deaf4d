// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser } from './browsers.js';
import { Front } from './front.js';
import { base, numbered, publishAll, room } from './server.js';
import { ChatWindow, until } from './window.js';

/** What a browser itself says of what is refused or cut; no script can keep it quiet. */
const CUT =
  /WebSocket connection to .* failed|net::ERR_|Failed to load resource|can’t establish a connection|was interrupted while|Cross-Origin Request Blocked/;

/** @typedef {import('./front.js').Ask} Ask */

const upgrade = (/** @type {Ask} */ ask) => ask.upgrade;
const stream = (/** @type {Ask} */ ask) => ask.path.endsWith('/events');
const waiting = (/** @type {Ask} */ ask) =>
  ask.path.endsWith('/messages') && ask.search.get('wait') !== '0';

/** @type {{name: string, blocked: ((ask: Ask) => boolean)[], by: (ask: Ask) => boolean}[]} */
const FALLBACKS = [
  { name: 'Server-Sent Events', blocked: [upgrade], by: stream },
  { name: 'Long polling', blocked: [upgrade, stream], by: waiting },
  {
    name: 'Polling',
    blocked: [upgrade, stream, waiting],
    by: ({ path }) => path.endsWith('/messages'),
  },
];

inEachBrowser(({ kind, browser }) => {
  const own = (/** @type {string} */ name) => room(`${name}-${kind}`);
  /** @param {import('node:test').TestContext} t @param {import('./window.js').Who} who */
  const open = async (t, who) => {
    const window = await ChatWindow.open(t, { kind, browser: browser(), base }, who);
    window.expects = CUT;
    return window;
  };

  for (const { name, blocked, by } of FALLBACKS) {
    test(`where nothing better gets through: ${name}`, async (t) => {
      const where = own(name.split(' ')[0].toLowerCase());
      const front = await Front.before(base);
      front.refuses = (ask) => blocked.some((one) => one(ask));
      let used = 0;
      const bob = await open(t, { name: 'Bob', room: where });
      const ann = await open(t, { name: 'Ann', room: where, front });
      assert.equal(await ann.text('#lamp-transport'), name);
      await bob.sees('#people-list', 'Ann');
      await ann.say('from behind a wall');
      await bob.hears('from behind a wall');
      await bob.say('heard');
      await ann.hears('heard');
      await bob.page.focus('#say');
      await bob.page.keyboard.type('more');
      await ann.sees('#typing.shown', 'Bob is typing');
      // In the middle of a stream it is cut, and comes back.
      let told = 0;
      for (let i = 0; i < 12; i += 1) {
        await publishAll(where, numbered('line', 5, told + 1));
        told += 5;
        if (i === 4) front.hangUp();
        if (i === 8) {
          await front.cut();
          await publishAll(where, numbered('line', 5, told + 1));
          told += 5;
          await front.mend();
        }
      }
      await ann.hears(`line ${told}`, 45_000);
      assert.deepEqual(await ann.messages(), [
        'from behind a wall',
        'heard',
        ...numbered('line', told),
      ]);
      front.refuses = (ask) => {
        if (by(ask)) used += 1;
        return blocked.some((one) => one(ask));
      };
      await ann.online();
      await ann.say('still there');
      await bob.hears('still there');
      await ann.hears('still there');
      assert.equal(await ann.text('#lamp-transport'), name);
      if (name === 'Polling') await until(async () => used > 1, 'it asks again and again');
      await ann.shot(`over-${name.toLowerCase().replace(/\W/g, '-')}`);
    });
  }

  test('a transport that stops working is left, and taken again, without losing a word', async (t) => {
    const where = own('tunnel');
    const ann = await open(t, { name: 'Ann', room: where });
    assert.equal(await ann.text('#lamp-transport'), 'WebSocket');
    await publishAll(where, numbered('line', 5));
    await ann.hears('line 5');
    ann.front.refuses = upgrade;
    ann.front.hangUp();
    await publishAll(where, numbered('line', 5, 6));
    await ann.sees('#lamp-transport', 'Server-Sent Events', 45_000);
    await ann.hears('line 10');
    await ann.sees('#announce', 'Now by Server-Sent Events');
    await ann.shot('over-sse');
    ann.front.refuses = () => false;
    // As when a device finds another network; otherwise it tries after five minutes.
    await ann.page.evaluate(() => dispatchEvent(new Event('online')));
    await publishAll(where, numbered('line', 5, 11));
    await ann.sees('#lamp-transport', 'WebSocket');
    await publishAll(where, numbered('line', 5, 16));
    await ann.hears('line 20');
    await ann.say('through');
    await ann.hears('through');
    assert.deepEqual(await ann.messages(), [...numbered('line', 20), 'through']);
  });

  test('an address may ask for one transport, and a picture goes by it', async (t) => {
    const where = own('asked');
    const ann = await open(t, { name: 'Ann', room: where, search: '?transport=longpoll' });
    assert.equal(await ann.text('#lamp-transport'), 'Long polling');
    assert.match(ann.page.url(), /\?transport=longpoll#/, 'a reload asks for it again');
    assert.ok(!ann.front.asked.some((one) => one.startsWith('UPGRADE')));
    const bob = await open(t, { name: 'Bob', room: where });
    await ann.page.evaluate(dropNoise);
    await ann.sees('#tray.ready', 'Made smaller');
    await ann.click('.send');
    for (const window of [ann, bob]) {
      const shown = () =>
        window.page.$$eval('#log .message:not(.pending) img', (all) =>
          all.some((one) => /** @type {HTMLImageElement} */ (one).naturalWidth > 0),
        );
      await until(shown, 'the picture is there');
    }
  });
});

/** Drops a picture that needs all of a message. */
async function dropNoise() {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 360, height: 360 });
  const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const noise = paint.createImageData(360, 360);
  let chance = 1;
  for (let i = 0; i < noise.data.length; i += 1) {
    chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
    noise.data[i] = i % 4 === 3 ? 255 : chance >>> 24;
  }
  paint.putImageData(noise, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done));
  const carried = new DataTransfer();
  carried.items.add(new File([/** @type {Blob} */ (blob)], 'noise.png', { type: 'image/png' }));
  const event = { dataTransfer: carried, bubbles: true, cancelable: true };
  document.querySelector('#log')?.dispatchEvent(new DragEvent('drop', event));
}
