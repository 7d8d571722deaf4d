// @ts-check
import { roomName } from '../address.js';
import { byId, icon, make, reconcile, setText } from './dom.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('../room.js').Room} Room
 */

/** The list of rooms, and the field to join another. */
export class RoomsView {
  #chat;
  #opened;
  #list = byId('room-list');
  /** @type {HTMLInputElement} */ #input = byId('join-room');
  #error = byId('join-error');

  /** @param {Chat} chat @param {() => void} opened a room was chosen here */
  constructor(chat, opened) {
    this.#chat = chat;
    this.#opened = opened;
    byId('join-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#joinTyped();
    });
    this.#input.addEventListener('input', () => setText(this.#error, ''));
  }

  render() {
    reconcile(
      this.#list,
      [...this.#chat.rooms.values()],
      (room) => `${room.name}|${room.membership}|${room.unread}|${room.name === this.#chat.active}`,
      (room) => this.#item(room),
    );
  }

  /** Opens the room above or below. @param {1 | -1} step */
  step(step) {
    const names = [...this.#chat.rooms.keys()];
    const index = names.indexOf(this.#chat.active ?? '') + step;
    if (names.length > 0) this.#chat.open(names[(index + names.length) % names.length]);
  }

  focusJoin() {
    this.#input.focus();
  }

  /** @param {Room} room */
  #item(room) {
    const { name, unread, membership } = room;
    const here = name === this.#chat.active;
    const open = make(
      'button',
      { type: 'button', class: 'room-open', 'aria-current': here && 'true' },
      make('span', { class: 'jack', 'aria-hidden': 'true' }),
      make('span', { class: 'room-label' }, name),
    );
    if (membership === 'refused') open.append(make('span', { class: 'room-mark' }, 'not in'));
    if (unread > 0) {
      open.append(
        make('span', { class: 'badge' }, unread > 99 ? '99+' : String(unread)),
        make('span', { class: 'sr' }, 'unread'),
      );
    }
    open.addEventListener('click', () => {
      this.#chat.open(name);
      this.#opened();
    });
    const leave = make('button', {
      type: 'button',
      class: 'plain room-leave',
      'aria-label': `Leave ${name}`,
      title: 'Leave',
    });
    leave.append(icon('close'));
    leave.addEventListener('click', () => this.#chat.leave(name));
    return make(
      'li',
      { class: unread > 0 ? 'lit' : '', 'data-membership': membership },
      open,
      leave,
    );
  }

  #joinTyped() {
    const name = roomName(this.#input.value);
    if (name === null) {
      const empty = this.#input.value.trim() === '';
      setText(
        this.#error,
        empty ? 'Type the name of a room.' : 'That name is too long or has odd characters.',
      );
      return;
    }
    this.#input.value = '';
    this.#chat.open(name);
    this.#opened();
  }
}
