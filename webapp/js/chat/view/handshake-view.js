// @ts-check
import { accept, GUID, header, requestText, responseText } from '../handshake.js';
import { byId, make } from './dom.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('../chat.js').HandshakeState} HandshakeState
 * @typedef {import('../handshake.js').Handshake} Handshake
 */

/** The upgrade request and its answer, and the sum that proves the server understood. */
export class HandshakeView {
  #chat;
  #box = byId('handshake');
  /** @type {HandshakeState | null} */ #shown = null;

  /** @param {Chat} chat */
  constructor(chat) {
    this.#chat = chat;
  }

  render() {
    const state = this.#chat.handshake;
    if (state === this.#shown) return;
    this.#shown = state;
    if (state.kind !== 'told') {
      this.#box.replaceChildren(make('p', {}, WORDS[state.kind]));
      return;
    }
    this.#show(state.handshake);
  }

  /** @param {Handshake} handshake */
  async #show(handshake) {
    const { request, response } = handshake;
    const key = header(request.headers, 'Sec-WebSocket-Key') ?? '';
    const answered = header(response.headers, 'Sec-WebSocket-Accept') ?? '';
    const chosen = header(response.headers, 'Sec-WebSocket-Protocol');
    const steps = await accept(key, globalThis.crypto?.subtle).catch(() => null);
    if (this.#shown?.kind !== 'told' || this.#shown.handshake !== handshake) return;
    this.#box.replaceChildren(
      make(
        'p',
        {},
        'A WebSocket starts as an ordinary HTTP request that asks to change the language. ' +
          'This is how it reached the server:',
      ),
      block('The browser asked', requestText(request)),
      block('The server answered', responseText(response)),
      make(
        'p',
        {},
        chosen
          ? 'From here on both speak WebSocket frames, and in them the subprotocol ' +
              `“${chosen}”, the first of the browser’s list that the server knows.`
          : 'From here on both speak WebSocket frames. No subprotocol was chosen.',
      ),
      make('h4', {}, 'How Sec-WebSocket-Accept is computed'),
      make(
        'p',
        {},
        'The key is 16 random bytes that the browser made for this connection only, written in ' +
          'base64. Whoever answers must show that it read them and knows RFC 6455; a plain web ' +
          'server or a stale cache cannot. It keeps nothing secret: it only proves who listens.',
      ),
      ...(steps ? sum(key, steps, answered) : insecure(key, answered)),
    );
  }
}

const WORDS = {
  unasked: 'There is no connection yet.',
  asked: 'Asking the server what it saw…',
  untold:
    'This server does not tell what the handshake looked like, and a browser does not show it to ' +
    'scripts. Its developer tools do: Network, then “chat”.',
};

/** @param {string} title @param {string} text */
function block(title, text) {
  return make('figure', {}, make('figcaption', {}, title), make('pre', { tabindex: '0' }, text));
}

/**
 * @param {string} key
 * @param {import('../handshake.js').Steps} steps
 * @param {string} answered
 */
function sum(key, steps, answered) {
  const same = steps.accept === answered;
  const result = make('p', { class: same ? 'proof good' : 'proof bad', id: 'proof' });
  result.append(
    make('strong', {}, same ? '✓ It matches.' : '✗ It does not match.'),
    ` The server answered ${answered || 'nothing'}; this page computed the same sum itself`,
    same ? '.' : ' and got another value.',
  );
  return [
    make(
      'ol',
      { class: 'steps' },
      step('Take the key', key),
      step('Put the fixed text of the RFC behind it', key, GUID),
      step('SHA-1 of that: 20 bytes, in hex', steps.hex),
      step('The same 20 bytes in base64', steps.accept),
    ),
    result,
  ];
}

/** @param {string} label @param {...string} parts */
function step(label, ...parts) {
  const code = make('code', {}, ...parts.map((part) => make('span', {}, part)));
  return make('li', {}, make('span', {}, label), code);
}

/** @param {string} key @param {string} answered @returns {HTMLElement[]} */
function insecure(key, answered) {
  return [
    make('p', {}, make('code', {}, `base64(SHA-1("${key}" + "${GUID}"))`)),
    make(
      'p',
      { class: 'proof', id: 'proof' },
      `The server answered ${answered}. This page cannot compute it again: browsers offer ` +
        'crypto.subtle only on https: and localhost.',
    ),
  ];
}
