// @ts-check
import { byId, icon, make, reconcile } from './dom.js';

/** @typedef {import('../chat.js').Chat} Chat */

/** What the server says that belongs to no open room. It stays until it is put away. */
export class NoticesView {
  #chat;
  #list = byId('notices');

  /** @param {Chat} chat */
  constructor(chat) {
    this.#chat = chat;
  }

  render() {
    reconcile(
      this.#list,
      this.#chat.notices,
      (notice) => String(notice.key),
      ({ key, title, text }) => {
        const close = make('button', { type: 'button', class: 'plain', 'aria-label': 'Dismiss' });
        close.append(icon('close'));
        close.addEventListener('click', () => this.#chat.dismiss(key));
        return make(
          'div',
          { class: 'notice' },
          make('strong', {}, title),
          make('p', {}, text),
          close,
        );
      },
    );
  }
}
