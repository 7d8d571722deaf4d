// @ts-check
import { listed } from '../text.js';
import { byId, setText } from './dom.js';

/** @typedef {import('../chat.js').Chat} Chat */

/** The line that says who is typing. It fades by itself. */
export class TypingView {
  #chat;
  #line = byId('typing');
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {Chat} chat */
  constructor(chat) {
    this.#chat = chat;
  }

  render() {
    const typists = this.#chat.room?.typists;
    const names = typists?.names(Date.now()) ?? [];
    // The last words stay while the line fades.
    if (names.length > 0) {
      setText(byId('typing-text'), `${listed(names)} ${names.length === 1 ? 'is' : 'are'} typing`);
    }
    this.#line.classList.toggle('shown', names.length > 0);
    clearTimeout(this.#timer);
    const next = typists?.next ?? Infinity;
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.render(), Math.max(0, next - Date.now()) + 20);
  }
}
