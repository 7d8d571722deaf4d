// @ts-check
import { size } from '../text.js';
import { byId, setText } from './dom.js';

/** @typedef {import('../chat.js').Chat} Chat */

/** The field where messages are written. What is typed stays until it is on its way. */
export class ComposerView {
  #chat;
  #sent;
  /** @type {HTMLTextAreaElement} */ #field = byId('say');
  /** @type {HTMLButtonElement} */ #button;
  #hint = byId('composer-hint');
  /** @type {string | null} */ #shown = null;
  #refused = false;
  #excess = 0;

  /** @param {Chat} chat @param {() => void} sent */
  constructor(chat, sent) {
    this.#chat = chat;
    this.#sent = sent;
    const form = byId('composer');
    this.#button = /** @type {HTMLButtonElement} */ (form.querySelector('.send'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#say();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    });
    this.#field.addEventListener('input', () => {
      this.#refused = false;
      this.#keepDraft();
      this.#fit();
      this.render();
    });
  }

  render() {
    const room = this.#chat.room;
    if (this.#shown !== this.#chat.active) {
      this.#shown = this.#chat.active;
      this.#refused = false;
      this.#field.value = room?.draft ?? '';
      this.#fit();
    }
    if (this.#excess > 0) this.#excess = this.#chat.excess(this.#field.value.trim());
    const ready = room?.membership === 'joined' && this.#chat.link.kind === 'online';
    if (ready) this.#refused = false;
    this.#field.disabled = !room;
    this.#field.placeholder = room ? `Message ${room.name}` : 'Join a room first';
    this.#button.setAttribute('aria-disabled', String(!ready || this.#field.value.trim() === ''));
    this.#hint.classList.toggle('alarm', this.#refused || this.#excess > 0);
    setText(this.#hint, this.#hintText(ready));
  }

  focus() {
    this.#field.focus();
  }

  /** Puts a text that was not sent back into the field. @param {string} text */
  put(text) {
    const typed = this.#field.value.trim();
    this.#field.value = typed === '' ? text : `${typed}\n${text}`;
    this.#keepDraft();
    this.#fit();
    this.render();
    this.focus();
  }

  #say() {
    const text = this.#field.value.trim();
    if (text === '') return;
    this.#excess = this.#chat.excess(text);
    if (this.#excess > 0) {
      this.render();
      return;
    }
    if (!this.#chat.say(text)) {
      this.#refused = true;
      this.render();
      return;
    }
    this.#field.value = '';
    this.#keepDraft();
    this.#fit();
    this.#sent();
  }

  /** @param {boolean} ready */
  #hintText(ready) {
    if (this.#excess > 0)
      return `Not sent: this is ${size(this.#excess)} too long for one message.`;
    if (ready || !this.#chat.room) return '';
    const why =
      this.#chat.room.membership === 'refused'
        ? 'You are not in this room.'
        : this.#chat.link.kind === 'online'
          ? 'Joining the room…'
          : 'You are not connected.';
    return this.#refused
      ? `${why} Not sent: your text stays here until you can send it.`
      : `${why} You can write; nothing is sent until you send it.`;
  }

  #keepDraft() {
    if (this.#chat.room) this.#chat.room.draft = this.#field.value;
  }

  // The style sheet bounds the height; its CSSOM is not an inline style in the policy's sense.
  #fit() {
    this.#field.style.height = 'auto';
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
  }
}
