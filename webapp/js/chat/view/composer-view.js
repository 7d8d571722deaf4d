// @ts-check
import { size } from '../text.js';
import { byId, setText } from './dom.js';

/** @typedef {import('../chat.js').Chat} Chat */

/** The field where messages are written. What is typed stays until it is on its way. */
export class ComposerView {
  #chat;
  #tray;
  #sent;
  /** @type {HTMLTextAreaElement} */ #field = byId('say');
  /** @type {HTMLButtonElement} */ #button;
  #hint = byId('composer-hint');
  /** @type {string | null} */ #shown = null;
  #excess = 0;

  /**
   * @param {Chat} chat
   * @param {import('./picture-tray.js').PictureTray} tray the picture that goes along
   * @param {() => void} sent
   */
  constructor(chat, tray, sent) {
    this.#chat = chat;
    this.#tray = tray;
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
      this.#keepDraft();
      this.#chat.typing(this.#field.value.trim() !== '');
      this.#fit();
      this.render();
    });
  }

  render() {
    const { room } = this.#chat;
    if (this.#shown !== this.#chat.active) {
      this.#shown = this.#chat.active;
      this.#field.value = room?.draft ?? '';
      this.#fit();
    }
    const text = this.#field.value.trim();
    if (this.#excess > 0) this.#excess = this.#chat.excess(text);
    const ready = room !== null && room.membership !== 'refused';
    const nothing = text === '' && !this.#tray.picture;
    this.#field.disabled = !room;
    this.#field.placeholder = room ? `Message ${room.name}` : 'Join a room first';
    this.#button.setAttribute('aria-disabled', String(!ready || nothing));
    this.#hint.classList.toggle('alarm', this.#excess > 0);
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
    this.#excess = this.#chat.excess(text);
    if (this.#excess > 0) {
      this.render();
      return;
    }
    const { picture } = this.#tray;
    if (picture && this.#chat.say({ picture })) this.#tray.clear();
    if (text !== '' && this.#chat.say({ text })) {
      this.#field.value = '';
      this.#keepDraft();
      this.#fit();
    }
    this.#sent();
    this.render();
  }

  /** @param {boolean} ready */
  #hintText(ready) {
    if (this.#excess > 0) {
      return `Not sent: this is ${size(this.#excess)} too long for one message.`;
    }
    const { room, link } = this.#chat;
    if (!room) return '';
    if (!ready) return 'You are not in this room.';
    if (link.kind === 'ended') return 'You are not connected; nothing can be sent.';
    return link.kind === 'waiting' || (link.kind === 'connecting' && this.#chat.user)
      ? 'You are not connected. What you send waits here and goes out by itself.'
      : '';
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
