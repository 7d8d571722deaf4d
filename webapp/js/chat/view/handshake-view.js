// @ts-check
import { accept, GUID, header, requestText, responseText } from '../handshake.js';
import { byId, make } from './dom.js';

/** @typedef {import('../handshake.js').Handshake} Handshake */

/** The upgrade request and its answer, and the sum that proves the server understood. */
export class HandshakeView {
  #ask;
  #box = byId('handshake');
  #asked = false;

  /** @param {() => Promise<Handshake>} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Somebody wants to see it; it is asked for once. */
  async look() {
    if (this.#asked) return;
    this.#asked = true;
    this.#box.replaceChildren(make('p', {}, 'Asking the server what it saw…'));
    try {
      await this.#show(await this.#ask());
    } catch (failure) {
      this.#asked = false;
      const again = make('button', { type: 'button' }, 'Ask again');
      again.addEventListener('click', () => this.look());
      const why = failure instanceof Error ? failure.message : String(failure);
      this.#box.replaceChildren(
        make('p', {}, `The server could not be asked: ${why}. `),
        make(
          'p',
          {},
          'Where a proxy does not let WebSockets through there is no handshake to show; the page ' +
            'then goes over another transport.',
        ),
        again,
      );
    }
  }

  /** @param {Handshake} handshake */
  async #show(handshake) {
    const { request, response } = handshake;
    const key = header(request.headers, 'Sec-WebSocket-Key') ?? '';
    const answered = header(response.headers, 'Sec-WebSocket-Accept') ?? '';
    const chosen = header(response.headers, 'Sec-WebSocket-Protocol');
    const steps = await accept(key, globalThis.crypto?.subtle).catch(() => null);
    this.#box.replaceChildren(
      make(
        'p',
        {},
        'A WebSocket starts as an ordinary HTTP request that asks to change the language. ' +
          'To see one, this drawer has just opened a second WebSocket beside the page’s own, one ' +
          'that speaks “chat”, which can ask the server what it saw:',
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
