// @ts-check
import { initials, tint } from '../text.js';
import { byId, make, reconcile, setText } from './dom.js';

/** @typedef {import('../chat.js').Chat} Chat */

/** Who is in the open room, and the line under its name. */
export class PeopleView {
  #chat;
  #list = byId('people-list');

  /** @param {Chat} chat */
  constructor(chat) {
    this.#chat = chat;
  }

  render() {
    const room = this.#chat.room;
    const people = room?.people ?? [];
    setText(byId('room-name'), room ? room.name : 'No room open');
    setText(byId('room-about'), room ? about(room, people.length) : '');
    // Who was here when the connection broke is probably still here; the list only pales.
    this.#list.classList.toggle('past', this.#chat.link.kind !== 'online');
    setText(byId('people-title'), people.length > 0 ? `Here now · ${people.length}` : 'Here now');
    reconcile(
      this.#list,
      people.length > 0 ? people : [null],
      (person) => (person ? `${person.user}|${person.name}|${this.#isMe(person.user)}` : 'nobody'),
      (person) => (person ? this.#person(person) : nobody()),
    );
  }

  /** @param {{user: string, name: string}} person */
  #person({ user, name }) {
    const line = make('span', { class: 'person-name' }, make('span', {}, name));
    if (this.#isMe(user)) line.append(make('em', {}, ' you'));
    return make(
      'li',
      { title: user },
      make(
        'span',
        { class: 'avatar', 'data-tint': String(tint(name)), 'aria-hidden': 'true' },
        initials(name),
      ),
      line,
    );
  }

  /** @param {string} user */
  #isMe(user) {
    return user === this.#chat.user;
  }
}

function nobody() {
  return make('li', { class: 'nobody' }, 'Known when you are in the room.');
}

/** @param {import('../room.js').Room} room @param {number} count */
function about(room, count) {
  switch (room.membership) {
    case 'joined':
      return count < 2 ? 'Only you so far' : `${count} people`;
    case 'joining':
      return 'Joining…';
    default:
      return 'You are not in this room';
  }
}
