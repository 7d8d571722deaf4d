// @ts-check
import { accept, GUID, header, readHandshake, requestText, responseText } from '../../chat/handshake.js';
import { byId, make } from '../../chat/view/dom.js';
import { socketUrl } from '../carriers.js';

/**
 * @typedef {import('../../chat/handshake.js').Handshake} Handshake
 * @typedef {import('../carriers.js').Surroundings} Surroundings
 */

/** How long the server may take to tell. */
const WITHIN = 10_000;

/** The handshake of this browser, made when asked for and told by the server, step by step. */
export class HandshakePanel {
  #around;
  #box = byId('steps');
  #button = /** @type {HTMLButtonElement} */ (byId('handshake-again'));
  #status = byId('handshake-status');

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    this.#button.addEventListener('click', () => this.#shake());
  }

  async #shake() {
    this.#button.disabled = true;
    this.#status.textContent = 'Shaking hands…';
    try {
      const { handshake, protocol, extensions } = await ask(this.#around);
      this.#box.replaceChildren(...(await steps(handshake, protocol, extensions)));
      this.#status.textContent = '';
      this.#button.textContent = 'Shake hands again';
    } catch (error) {
      this.#box.replaceChildren();
      this.#status.textContent = `There was no handshake: ${
        error instanceof Error ? error.message : error
      }. The doctor below finds out why.`;
    } finally {
      this.#button.disabled = false;
    }
  }
}

/**
 * Opens a connection of `chat`, whose server tells what it saw, and closes it.
 *
 * @param {Surroundings} around
 * @returns {Promise<{handshake: Handshake, protocol: string, extensions: string}>}
 */
function ask(around) {
  return new Promise((resolve, reject) => {
    const socket = new around.WebSocket(socketUrl(around.page), ['chat', 'superchat']);
    const timer = around.setTimeout(() => end(new Error('nothing came within 10 s')), WITHIN);
    /** @param {Error} [error] */
    const end = (error) => {
      around.clearTimeout(timer);
      socket.onclose = null;
      socket.onmessage = null;
      socket.close();
      if (error) reject(error);
    };
    socket.onopen = () => socket.send('{"type":"handshake"}');
    socket.onclose = (/** @type {{code: number}} */ event) =>
      end(new Error(`the connection was closed with ${event.code}`));
    socket.onmessage = (/** @type {{data: string}} */ event) => {
      const message = JSON.parse(event.data);
      if (message.type !== 'handshake') return;
      const handshake = readHandshake(message);
      if (!handshake) return end(new Error('the server told it in a way this page cannot read'));
      const { protocol, extensions } = socket;
      end();
      resolve({ handshake, protocol, extensions });
    };
  });
}

/**
 * @param {Handshake} handshake
 * @param {string} protocol as the browser says
 * @param {string} extensions as the browser says
 */
async function steps({ request, response }, protocol, extensions) {
  const key = header(request.headers, 'Sec-WebSocket-Key') ?? '';
  const answered = header(response.headers, 'Sec-WebSocket-Accept') ?? '';
  const sum = await accept(key, globalThis.crypto?.subtle).catch(() => null);
  const origin = header(request.headers, 'Origin') ?? 'none';
  const offered = header(request.headers, 'Sec-WebSocket-Protocol') ?? 'none';
  const wished = header(request.headers, 'Sec-WebSocket-Extensions') ?? 'none';
  return [
    step(
      'An ordinary request',
      'A WebSocket begins as HTTP, on the same port, through the same proxies. This is how the request of your browser reached the server, without cookies and credentials:',
      wire(requestText(request), 'asked'),
    ),
    step(
      'Upgrade and Connection',
      'Upgrade names the language that your browser would rather speak. Connection says that this header is meant for the next hop alone, which is why a proxy drops both unless it was told to hand them on.',
      pair('Upgrade', header(request.headers, 'Upgrade')),
      pair('Connection', header(request.headers, 'Connection')),
    ),
    step(
      'Version',
      '13 is the number of the draft that became RFC 6455. A server that speaks others answers 426 and names them.',
      pair('Sec-WebSocket-Version', header(request.headers, 'Sec-WebSocket-Version')),
    ),
    step(
      'Origin',
      'The page that asks, put there by the browser, and not to be changed by any script. A WebSocket may go to any host, cookies included, and no answer has to allow it as with fetch; therefore the server has to look. This one lets pages of its own host in, and those that it was told of.',
      pair('Origin', origin),
      check(
        origin === location.origin,
        'It is this page’s origin.',
        `It is not this page’s origin, which is ${location.origin}.`,
      ),
    ),
    step(
      'Key and accept',
      'The key is 16 random bytes, fresh for each connection, in Base64. The server puts a fixed text behind it and hashes both. That keeps nothing secret: it shows that whoever answers has read this request and knows WebSocket, as a cache or a mail server does not.',
      pair('Sec-WebSocket-Key', key),
      ...(sum
        ? [
            pair('the key and the text of the RFC', `${key}${GUID}`),
            pair('SHA-1 of that, in hex', sum.hex),
            pair('the same in Base64, computed here', sum.accept),
            pair('Sec-WebSocket-Accept, from the server', answered),
            check(sum.accept === answered, 'They are the same.', 'They are not the same.'),
          ]
        : [
            pair('Sec-WebSocket-Accept, from the server', answered),
            make(
              'p',
              { class: 'aside' },
              'This page cannot compute it again: browsers offer crypto.subtle only on https: and localhost.',
            ),
          ]),
    ),
    step(
      'Subprotocol',
      'What the two will talk about, once they can talk. The browser offers a list, the server takes the first that it speaks.',
      pair('offered', offered),
      pair('chosen, says the server', header(response.headers, 'Sec-WebSocket-Protocol') ?? 'none'),
      pair('chosen, says your browser', protocol || 'none'),
    ),
    step(
      'Extensions',
      'permessage-deflate would compress each message. The server takes no extension: it would hold some 200 kB for each connection, and short messages gain little.',
      pair('offered', wished),
      pair('in use, says your browser', extensions || 'none'),
    ),
    step(
      '101 Switching Protocols',
      'The last line of HTTP on this connection. Behind the empty line both speak in frames, and the connection is a WebSocket until one of them sends a Close frame.',
      wire(responseText(response), 'answered'),
    ),
  ];
}

/** @param {string} title @param {string} text @param {...HTMLElement} more */
function step(title, text, ...more) {
  return make('li', {}, make('h4', {}, title), make('p', {}, text), ...more);
}

/** @param {string} text @param {string} kind */
function wire(text, kind) {
  return make('pre', { class: kind, tabindex: '0' }, text);
}

/** @param {string} name @param {string | undefined} value */
function pair(name, value) {
  return make('p', { class: 'pair' }, make('span', {}, name), make('code', {}, value ?? 'none'));
}

/** @param {boolean} good @param {string} yes @param {string} no */
function check(good, yes, no) {
  return make('p', { class: good ? 'check good' : 'check bad' }, good ? `✓ ${yes}` : `✗ ${no}`);
}
