// @ts-check
import { initials, tint } from '../text.js';
import { byId, setText } from './dom.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('../remembered.js').Remembered} Remembered
 */

/** Who we are: the line in the side panel, and the question on a first visit. */
export class NameView {
  #chat;
  #remembered;
  #line = byId('me-line');
  #form = byId('rename-form');
  /** @type {HTMLInputElement} */ #field = byId('rename-name');
  #question = byId('introduce');
  /** @type {HTMLInputElement} */ #answer = byId('introduce-name');
  #asking;
  #done;

  /** @param {Chat} chat @param {Remembered} remembered @param {() => void} done a name was given */
  constructor(chat, remembered, done) {
    this.#chat = chat;
    this.#remembered = remembered;
    this.#done = done;
    this.#asking = !chat.known && chat.name === '' && remembered.text('asked') === '';
    byId('rename').hidden = chat.known;
    byId('rename').addEventListener('click', () => this.#edit());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#take(this.#field.value);
      this.#close();
    });
    this.#form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#close();
    });
    this.#question.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#answer.value.trim() === '') this.#answer.focus();
      else this.#take(this.#answer.value);
    });
    byId('introduce-later').addEventListener('click', () => this.#asked());
  }

  render() {
    const name = this.#chat.shownName;
    setText(byId('me-name'), name);
    const avatar = byId('me-avatar');
    setText(avatar, initials(name));
    avatar.dataset.tint = String(tint(name));
    setText(byId('introduce-guest'), this.#chat.user || 'a guest');
    this.#question.hidden = !this.#asking;
  }

  #edit() {
    this.#line.hidden = true;
    this.#form.hidden = false;
    this.#field.value = this.#chat.name;
    this.#field.select();
  }

  #close() {
    this.#line.hidden = false;
    this.#form.hidden = true;
    byId('rename').focus();
  }

  /** @param {string} typed */
  #take(typed) {
    const name = typed.replace(/\p{Cc}/gu, ' ').trim();
    this.#remembered.keep('name', name);
    this.#chat.rename(name);
    this.#asked();
  }

  #asked() {
    const asking = this.#asking;
    this.#asking = false;
    this.#remembered.keep('asked', 'yes');
    this.render();
    if (asking) this.#done();
  }
}
