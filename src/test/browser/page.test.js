// @ts-check
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { inEachBrowser, launch } from './browsers.js';
import { Front } from './front.js';
import { api, base, numbered, publish, publishAll, room } from './server.js';
import { ChatWindow, until } from './window.js';

/** @typedef {import('./window.js').Who} Who */

inEachBrowser(({ kind, browser }) => {
  const own = (/** @type {string} */ name) => room(`${name}-${kind}`);
  /** @param {import('node:test').TestContext} t @param {Who} who @param {any} [other] */
  const open = (t, who, other = browser()) =>
    ChatWindow.open(t, { kind, browser: other, base }, who);

  test('two windows talk', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('tea') });
    const bob = await open(t, { name: 'Bob', room: own('tea') });
    await ann.sees('#people-list', 'Bob');
    await ann.say('Is there tea?');
    await bob.hears('Is there tea?');
    await bob.say('There is, and a link: https://example.org/tea');
    await bob.say('Come over.');
    await ann.hears('Come over.');
    assert.deepEqual(await ann.messages(), await bob.messages());
    assert.equal((await ann.messages()).length, 3);
    assert.equal(await ann.count('#log .own'), 1);
    assert.equal(
      await bob.page.$eval('#log a', (link) => link.getAttribute('href')),
      'https://example.org/tea',
    );
    assert.equal(await ann.text('#lamp-transport'), 'WebSocket');
    await ann.shot('two-windows-light');
    const cy = await open(t, { name: 'Cy', room: own('tea') });
    await cy.hears('Come over.');
    assert.equal((await cy.messages()).length, 3, 'who comes later gets the history');
    assert.equal(await cy.count('#log .new'), 0, 'the past is not news');
    await ann.sees('#log .aside', 'Cy joined');
    await cy.close();
    await ann.sees('#log .aside', 'Cy left');
  });

  test('the page and a client of chat talk in one room', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('both') });
    await ann.page.evaluate((name) => {
      const socket = new WebSocket(new URL('chat', location.href.replace(/^http/, 'ws')), ['chat']);
      Object.assign(window, { socket, heard: /** @type {any[]} */ ([]) });
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        /** @type {any} */ (window).heard.push(message);
        if (message.type === 'welcome') {
          socket.send(JSON.stringify({ type: 'join', room: name, name: 'Wes' }));
        }
        if (message.type === 'joined' && message.name === 'Wes') {
          socket.send(JSON.stringify({ type: 'say', room: name, text: 'by wscat' }));
        }
      };
    }, own('both'));
    await ann.hears('by wscat');
    await ann.sees('#people-list', 'Wes');
    await ann.say('by the page');
    const said = () =>
      ann.page.evaluate(() =>
        /** @type {any} */ (window).heard.find(
          (/** @type {any} */ one) => one.text === 'by the page',
        ),
      );
    const { type, name } = await until(said, 'the other one hears');
    assert.deepEqual([type, name], ['said', 'Ann']);
  });

  test('another name is told without losing the place', async (t) => {
    const bob = await open(t, { name: 'Bob', room: own('names') });
    const ann = await open(t, { room: own('names') });
    await ann.introduce('Ann');
    await bob.sees('#log .aside', 'Ann joined');
    const asides = (await bob.texts('#log .aside')).join();
    assert.ok(!asides.includes('guest'), `who was nameless is not told of: ${asides}`);
    await ann.say('as Ann');
    await bob.hears('as Ann');
    await ann.click('#rename');
    await ann.fill('#rename-name', 'Anna');
    await ann.page.keyboard.press('Enter');
    await bob.sees('#people-list', 'Anna');
    await bob.say('in between');
    await ann.hears('in between');
    await ann.say('as Anna');
    await bob.hears('as Anna');
    await ann.hears('as Anna');
    assert.deepEqual(await ann.messages(), ['as Ann', 'in between', 'as Anna']);
    assert.equal(await ann.count('#log .own'), 2, 'what one said under another name is own');
  });

  test('a text that is too long stays in the field, and the line stays up', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('novel') });
    await ann.say('x'.repeat(70_000));
    await ann.sees('#composer-hint', 'too long');
    const typed = () => ann.page.$eval('#say', (one) => /** @type {any} */ (one).value.length);
    assert.equal(await typed(), 70_000);
    await ann.say('short');
    await ann.hears('short');
    assert.deepEqual(await ann.messages(), ['short']);
  });

  test('who types is seen, and not for long', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('typing') });
    const bob = await open(t, { name: 'Bob', room: own('typing') });
    await ann.sees('#people-list', 'Bob');
    await bob.sees('#people-list', 'Ann');
    await ann.page.focus('#say');
    await ann.page.keyboard.type('Wait, I am');
    await bob.sees('#typing.shown', 'Ann is typing');
    await bob.shot('typing');
    assert.equal(await ann.count('#typing.shown'), 0, 'not told to oneself');
    const signs = () => ann.count('#frames .out');
    await ann.keys('Alt', 'KeyW');
    const before = await signs();
    await ann.page.focus('#say');
    await ann.page.keyboard.type(' writing a long one');
    assert.ok((await signs()) - before <= 2, 'not with every key');
    await ann.keys('Alt', 'KeyW');
    await ann.say('Here it is.');
    await bob.hears('Here it is.');
    assert.equal(await bob.count('#typing.shown'), 0, 'said is not typed');
    await ann.page.focus('#say');
    await ann.page.keyboard.type('and');
    await bob.is('#typing.shown');
    // She stops; nothing is sent, and the line fades by itself.
    await bob.isNot('#typing');
    const late = await open(t, { name: 'Cy', room: own('typing') });
    await late.hears('Here it is.');
    assert.deepEqual(await late.messages(), ['Here it is.'], 'typing is not kept');
  });

  test('what is said elsewhere is unread until it is read', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('hall') });
    const bob = await open(t, { name: 'Bob', room: own('hall') });
    await ann.look();
    await bob.say('read by Ann');
    await ann.hears('read by Ann');
    await ann.look();
    await ann.join(own('attic'));
    await bob.say('first unread');
    await bob.say('second unread');
    await ann.sees('#room-list li .badge', '2');
    assert.match(await ann.page.title(), /^\(2\) attic/);
    await ann.shot('unread');
    await ann.look();
    await ann.keys('Alt', 'ArrowUp');
    await ann.hears('second unread');
    await ann.isNot('#room-list li .badge');
    assert.match(await ann.page.title(), /^hall/);
    assert.deepEqual(await ann.texts('#log .new, #log .bubble'), [
      'read by Ann',
      'New',
      'first unread',
      'second unread',
    ]);
    await ann.lookAway();
    await bob.say('while away');
    await ann.sees('#room-list li .badge', '1');
    await ann.page.reload();
    await ann.online();
    await ann.hears('while away');
    assert.deepEqual(
      (await ann.texts('#log .new, #log .bubble')).slice(-2),
      ['New', 'while away'],
      'a page that is loaded again remembers how far one had read',
    );
  });

  test('the read marker of somebody with a proven name is kept by the server', async (t) => {
    const name = own('desk');
    const user = `ann-${name}`;
    const front = async () => {
      const way = await Front.before(base);
      way.answers['/my/ticket'] = () => api('tickets', { user, name: 'Ann' });
      way.edits = (html) =>
        html.replace(
          'name="switchboard-tickets" content=""',
          'name="switchboard-tickets" content="/my/ticket"',
        );
      return way;
    };
    await publishAll(name, numbered('line', 3));
    const desk = await open(t, { room: name, front: await front() });
    await desk.look();
    await desk.hears('line 3');
    assert.equal(await desk.text('#me-name'), 'Ann');
    await publish(name, { text: 'line 4' });
    await desk.hears('line 4');
    await desk.lookAway();
    await publishAll(name, ['line 5', 'line 6']);
    await desk.sees('#room-list .badge', '2');
    // Another device of the same person, which never was here.
    const phone = await open(t, { room: name, front: await front(), phone: true });
    await phone.hears('line 6');
    const order = (await phone.texts('#log .new, #log .bubble')).slice(-3);
    assert.deepEqual(order, ['New', 'line 5', 'line 6']);
    assert.equal(await desk.count('#people-list .avatar'), 1, 'one person, two devices');
  });

  test('two tabs of one person', async (t) => {
    const context = await browser().createBrowserContext();
    const front = await Front.before(base);
    const name = own('tabs');
    const one = await open(t, { name: 'Ann', room: name, context, front });
    const two = await open(t, { room: name, context, front });
    t.after(() => context.close());
    assert.equal(await two.text('#me-name'), 'Ann', 'the other tab knows the name');
    await one.say('from the first tab');
    await two.hears('from the first tab');
    await two.say('from the second tab');
    await one.hears('from the second tab');
    assert.deepEqual(await one.messages(), await two.messages());
    await two.join(own('elsewhere'));
    assert.equal(await one.text('#room-name'), name, 'each tab has its own room open');
    await two.close();
    await one.say('still here');
    await one.hears('still here');
  });

  test('older messages come in above, and what one reads stays in place', async (t) => {
    const name = own('archive');
    await publishAll(name, numbered('line', 230));
    const ann = await open(t, { name: 'Ann', room: name });
    await ann.hears('line 230');
    const first = (await ann.messages())[0];
    assert.notEqual(first, 'line 1', 'not all of it at once');
    // Up to the top, again and again; the row that is looked at must not move.
    const jumps = await ann.page.evaluate(async () => {
      const log = /** @type {HTMLElement} */ (document.querySelector('#log'));
      const frame = () => new Promise((next) => requestAnimationFrame(next));
      let worst = 0;
      const end = Date.now() + 10_000;
      while (
        ![...log.querySelectorAll('.edge')].some((one) => one.textContent?.includes('begins'))
      ) {
        if (Date.now() > end) return Infinity;
        log.scrollTop = 0;
        await frame();
        // The first one may become part of a group and look different then.
        const row = log.querySelectorAll('.message')[2];
        const top = row.getBoundingClientRect().top;
        const count = log.querySelectorAll('.message').length;
        for (let i = 0; i < 60 && log.querySelectorAll('.message').length === count; i += 1) {
          await frame();
          worst = Math.max(worst, Math.abs(row.getBoundingClientRect().top - top));
        }
      }
      return worst;
    });
    assert.ok(jumps < 2, `it jumped by ${jumps} px`);
    assert.deepEqual(await ann.messages(), numbered('line', 230));
    await ann.page.$eval('#log', (log) => (log.scrollTop = 0));
    await ann.shot('scroll-back');
    await publish(name, { text: 'line 231' });
    await ann.sees('#pill', '1 new message');
    assert.equal(await ann.page.$eval('#log', (log) => log.scrollTop), 0);
  });

  test('a picture is shown to the others, made small enough', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('gallery') });
    const bob = await open(t, { name: 'Bob', room: own('gallery') });
    await ann.sees('#people-list', 'Bob');
    const folder = mkdtempSync(`${tmpdir()}/pictures-`);
    const large = Buffer.from(await ann.page.evaluate(paintedPicture, 1400, 900), 'base64');
    assert.ok(large.length > 100_000, `${large.length} bytes are too few to need shrinking`);
    writeFileSync(`${folder}/harbour.png`, large);
    writeFileSync(`${folder}/notes.txt`, 'not a picture');
    const pick = async (/** @type {string} */ file) => {
      const input = /** @type {any} */ (await ann.page.$('#picture-file'));
      await input.uploadFile(`${folder}/${file}`);
    };
    await pick('notes.txt');
    await ann.sees('#tray.alarm', 'notes.txt is no picture');
    await ann.shot('picture-refused');
    await pick('harbour.png');
    await ann.sees('#tray.ready', 'Made smaller');
    await ann.fill('#tray-alt', 'Boats in the evening');
    await ann.shot('picture-tray');
    await ann.page.focus('#tray-alt');
    await ann.page.keyboard.press('Enter');
    for (const window of [ann, bob]) {
      const shown = await until(
        () =>
          window.page.$$eval('#log .message:not(.pending) img', ([one]) => {
            const { naturalWidth, naturalHeight, alt } = /** @type {HTMLImageElement} */ (
              one ?? {}
            );
            return naturalWidth > 0 && [naturalWidth / naturalHeight, alt];
          }),
        'the picture is there',
      );
      assert.ok(Math.abs(shown[0] - 1400 / 900) < 0.02, 'its proportion is kept');
      assert.equal(shown[1], 'Boats in the evening');
      await window.sees('#log figcaption', 'harbour.png');
    }
    assert.equal(await ann.count('#tray:not([hidden])'), 0);
    // Dropped, and pasted: small ones go as they are.
    for (const way of ['drop', 'paste']) {
      await ann.page.evaluate(handOver, way, await ann.page.evaluate(paintedPicture, 40, 30));
      await ann.is('#tray.ready img');
      await ann.click('.send');
    }
    await until(async () => (await bob.count('#log img')) === 3, 'three pictures');
    await bob.shot('pictures');
    const cy = await open(t, { name: 'Cy', room: own('gallery'), phone: true });
    await until(async () => (await cy.count('#log img')) === 3, 'the past has them, too');
    await cy.shot('pictures-phone');
    const width = await cy.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390, 'nothing sticks out sideways');
  });

  test('bytes that are no picture, and pictures of others, do no harm', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('bytes') });
    const bytes = async (/** @type {Uint8Array} */ data) =>
      api('publish', {
        channel: `room:${own('bytes')}`,
        data: Buffer.from(data).toString('base64'),
        encoding: 'base64',
      });
    await bytes(new Uint8Array([1, 2, 3]));
    await ann.sees('#log .push', '3 B that are no picture');
    await bytes(Buffer.from(await ann.page.evaluate(paintedPicture, 20, 20), 'base64'));
    await ann.is('#log img');
    await bytes(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]));
    await ann.sees('#log .broken', 'cannot be shown');
  });

  test('the drawer shows a handshake, the same accept, and the frames', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('wire') });
    await ann.keys('Alt', 'KeyW');
    await ann.is('#proof.good');
    const shown = await ann.text('#handshake');
    assert.match(shown, /GET .*\/chat HTTP\/1\.1/);
    assert.match(shown, /Sec-WebSocket-Protocol: chat/);
    const accepted = /Sec-WebSocket-Accept: (\S{28})/.exec(shown)?.[1];
    assert.ok((await ann.text('.steps')).endsWith(String(accepted)));
    await ann.say('look at me');
    await ann.sees('#frames .out', '"data":{"text":"look at me"}');
    await ann.sees('#frames .in', '"type":"publication"');
    await ann.click('#frames-pause');
    await ann.say('in a pause');
    await ann.hears('in a pause');
    assert.ok(!(await ann.text('#frames')).includes('in a pause'));
    await ann.click('#frames-pause');
    await ann.click('#frames-pretty');
    await ann.shot('wire-drawer');
    await ann.click('#frames-clear');
    assert.equal(await ann.count('#frames li'), 0);
    await ann.page.keyboard.press('Escape');
    await ann.isNot('#wire');
  });

  test('markup in name, room and text stays text', async (t) => {
    const evil = '<img src=x onerror=alert(1)>';
    const name = `${evil}${own('evil')}`;
    const ann = await open(t, { name: evil, room: name });
    const bob = await open(t, { name: 'Bob', room: name });
    await ann.say(evil);
    await bob.hears(evil);
    await bob.join(`${evil}"'&amp;`);
    await bob.sees('#room-name', `${evil}"'&amp;`);
    await bob.keys('Alt', 'ArrowUp');
    await bob.hears(evil);
    for (const window of [ann, bob]) {
      assert.equal(await window.count('main img, aside img, #wire img'), 0);
      assert.equal(await window.text('#room-name'), name);
    }
  });

  test('the list follows only a reader at its end', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('long') });
    await publishAll(own('long'), numbered('line', 40));
    await ann.hears('line 40');
    const gap = () =>
      ann.page.$eval('#log', (log) => log.scrollHeight - log.scrollTop - log.clientHeight);
    await until(async () => (await gap()) < 2, 'at the end it follows');
    await ann.page.$eval('#log', (log) => (log.scrollTop = 0));
    await ann.is('#pill:not([hidden])');
    await publish(own('long'), { text: 'one more' });
    await ann.sees('#pill', '1 new message');
    assert.equal(await ann.page.$eval('#log', (log) => log.scrollTop), 0);
    await ann.click('#pill');
    await ann.isNot('#pill');
    assert.ok((await gap()) < 2);
  });

  test('dark, and a reload remembers name, rooms and own words', async (t) => {
    const night = await launch(kind, { dark: true });
    const ann = await open(t, { name: 'Ann Dark', room: own('night') }, night);
    t.after(() => night.close());
    const bob = await open(t, { name: 'Bob', room: own('night') });
    await ann.say('Good evening.');
    await bob.say('Good evening, too.');
    await ann.hears('Good evening, too.');
    const background = () =>
      ann.page.$eval('main', (main) => getComputedStyle(main).backgroundColor);
    const before = await background();
    const light = await bob.page.$eval('main', (main) => getComputedStyle(main).backgroundColor);
    assert.notEqual(before, light, 'it is as dark as the system');
    await ann.shot('dark');
    await ann.click('#theme');
    assert.equal(await background(), light, 'the toggle overrules the system');
    await ann.page.reload();
    await ann.online();
    await ann.hears('Good evening.');
    assert.equal(await ann.text('#me-name'), 'Ann Dark');
    assert.equal(await ann.count('#introduce:not([hidden])'), 0);
    assert.equal(await ann.count('#log .own'), 1, 'own words are own');
    assert.equal(await background(), light);
  });

  test('on a phone rooms and people are drawers', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('pocket'), phone: true });
    const bob = await open(t, { name: 'Bob', room: own('pocket') });
    await bob.say('A message that is long enough to need a second line on a small screen.');
    await ann.say('Got it');
    await bob.hears('Got it');
    await ann.hears('Got it');
    await ann.shot('phone');
    await ann.click('#open-rooms');
    await ann.sees('#rooms-panel.open', 'You are');
    await ann.shot('phone-rooms');
    await ann.page.keyboard.press('Escape');
    await ann.isNot('#rooms-panel');
    await ann.click('#open-people');
    await ann.sees('#people-panel.open', 'Bob');
    const width = await ann.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390, 'nothing sticks out sideways');
  });

  test('every control has a name for those who do not see it', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('labels') });
    const nameless = await ann.page.$$eval('button, a, input, textarea, [role]', (all) =>
      all
        .filter((one) => !one.closest('[hidden]'))
        .filter((one) => {
          const { labels } = /** @type {HTMLInputElement} */ (one);
          return !(
            one.textContent?.trim() ||
            one.getAttribute('aria-label') ||
            ['alert', 'status'].includes(one.getAttribute('role') ?? '') ||
            labels?.length
          );
        })
        .map((one) => one.outerHTML),
    );
    assert.deepEqual(nameless, []);
  });

  test('what a server pushes with the API key reaches the room', async (t) => {
    const ann = await open(t, { name: 'Ann', room: own('push') });
    await publish(own('push'), { text: 'from curl' });
    await ann.hears('from curl');
    await publish(own('push'), { build: 412 });
    await ann.sees('#log .push', '"build": 412');
  });
});

/** A picture with much in it, as PNG in Base64. @param {number} width @param {number} height */
async function paintedPicture(width, height) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const sky = paint.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, '#274b7a');
  sky.addColorStop(0.6, '#f2a65a');
  sky.addColorStop(1, '#1d3b4f');
  paint.fillStyle = sky;
  paint.fillRect(0, 0, width, height);
  for (let i = 0; i < (width * height) / 60; i += 1) {
    paint.fillStyle = `hsl(${(i * 47) % 360} 60% 60% / 35%)`;
    paint.fillRect((i * 7919) % width, (i * 104_729) % height, 3, 2);
  }
  return canvas.toDataURL('image/png').slice('data:image/png;base64,'.length);
}

/** Lets a file go over the room, or pastes it. @param {string} way @param {string} base64 */
function handOver(way, base64) {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], `${way}.png`, { type: 'image/png' }));
  const target = /** @type {Element} */ (document.querySelector(way === 'drop' ? '#log' : '#say'));
  const how = { bubbles: true, cancelable: true };
  const event = way === 'drop' ? new DragEvent('drop', how) : new ClipboardEvent('paste', how);
  // Given to the constructor, Firefox leaves the files out; of a hand it does not.
  const field = way === 'drop' ? 'dataTransfer' : 'clipboardData';
  Object.defineProperty(event, field, { value: carried });
  target.dispatchEvent(event);
}
