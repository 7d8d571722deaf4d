// @ts-check
import { roomFor } from '../picture.js';
import { byId, make, setText } from './dom.js';
import { pictureOf } from './shrink.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('../picture.js').Picture} Picture
 */

/** The picture that is about to be sent: picked, pasted or dropped, looked at and described. */
export class PictureTray {
  #chat;
  #changed;
  #box = byId('tray');
  #preview = byId('tray-preview');
  #note = byId('tray-note');
  /** @type {HTMLInputElement} */ #alt = byId('tray-alt');
  /** @type {HTMLInputElement} */ #file = byId('picture-file');
  /** @type {Picture | null} */ #picture = null;
  #url = '';
  #drags = 0;
  #run = 0;

  /** @param {Chat} chat @param {() => void} changed there is a picture, or none any more */
  constructor(chat, changed) {
    this.#chat = chat;
    this.#changed = changed;
    byId('attach').addEventListener('click', () => this.#file.click());
    this.#file.addEventListener('change', () => {
      this.#take(this.#file.files ?? []);
      this.#file.value = '';
    });
    byId('tray-remove').addEventListener('click', () => {
      this.clear();
      changed();
    });
    byId('say').addEventListener('paste', (event) => {
      const { files = [] } = /** @type {ClipboardEvent} */ (event).clipboardData ?? {};
      if (files.length === 0) return;
      event.preventDefault();
      this.#take(files);
    });
    this.#watchDrops(byId('room'));
  }

  /** With the description as it is typed now. @returns {Picture | null} */
  get picture() {
    return this.#picture && { ...this.#picture, alt: this.#alt.value.trim() };
  }

  clear() {
    this.#run += 1;
    this.#picture = null;
    this.#alt.value = '';
    this.#box.hidden = true;
    this.#preview.replaceChildren();
    URL.revokeObjectURL(this.#url);
    setText(this.#note, '');
  }

  /** @param {HTMLElement} room where things may be let go */
  #watchDrops(room) {
    const carries = (/** @type {DragEvent} */ event) =>
      Boolean(event.dataTransfer?.types.includes('Files'));
    const over = (/** @type {number} */ change) => {
      this.#drags = Math.max(0, this.#drags + change);
      room.classList.toggle('dropping', this.#drags > 0);
    };
    room.addEventListener('dragenter', (event) => carries(event) && over(1));
    room.addEventListener('dragleave', (event) => carries(event) && over(-1));
    room.addEventListener('dragover', (event) => carries(event) && event.preventDefault());
    room.addEventListener('drop', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      over(-this.#drags);
      this.#take(event.dataTransfer?.files ?? []);
    });
  }

  /** @param {ArrayLike<File>} files the first one is meant */
  async #take({ 0: file, length }) {
    if (!file) return;
    this.clear();
    const run = this.#run;
    this.#box.hidden = false;
    this.#box.classList.add('busy');
    setText(this.#note, `Looking at ${file.name}…`);
    this.#box.classList.remove('alarm');
    try {
      const { picture, note } = await pictureOf(file, roomFor(this.#chat.largest));
      if (run !== this.#run) return;
      this.#picture = picture;
      this.#url = URL.createObjectURL(
        new Blob([/** @type {BlobPart} */ (picture.bytes)], { type: picture.type }),
      );
      this.#preview.replaceChildren(make('img', { src: this.#url, alt: 'The picture to be sent' }));
      setText(this.#note, length > 1 ? `${note}. One picture at a time.` : note);
      this.#alt.focus();
    } catch (failure) {
      if (run !== this.#run) return;
      this.#box.classList.add('alarm');
      setText(this.#note, failure instanceof Error ? failure.message : String(failure));
    } finally {
      if (run === this.#run) {
        this.#box.classList.remove('busy');
        this.#box.classList.toggle('ready', this.#picture !== null);
        this.#changed();
      }
    }
  }
}
