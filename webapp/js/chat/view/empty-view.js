// @ts-check
import { byId, make, setText } from './dom.js';

/** @typedef {import('../chat.js').Chat} Chat */

/** What stands in the middle when there is no message to show. */
export class EmptyView {
  #chat;
  #link;
  #box = byId('empty');

  /** @param {Chat} chat @param {(room: string) => string} link to a room */
  constructor(chat, link) {
    this.#chat = chat;
    this.#link = link;
  }

  render() {
    const room = this.#chat.room;
    const quiet =
      room && room.timeline.entries.length + room.pending.length === 0 && room.older !== 'loading';
    const what = !room ? 'none' : room.membership === 'refused' ? 'refused' : quiet ? 'quiet' : '';
    this.#box.hidden = what === '';
    const key = `${what}|${room?.name}|${room?.membership}|${room?.refusal}`;
    if (what === '' || this.#box.dataset.shows === key) return;
    this.#box.dataset.shows = key;
    this.#box.classList.toggle('strip', what === 'refused' && !quiet);
    this.#box.replaceChildren(...this.#content(what));
  }

  /** @param {string} what @returns {Node[]} */
  #content(what) {
    const room = this.#chat.room;
    if (what === 'none' || !room) {
      return [
        make('h3', {}, 'No line is plugged in'),
        make('p', {}, 'Join a room on the left, or start with the one where everybody meets.'),
        this.#button('Open lobby', () => this.#chat.open('lobby')),
      ];
    }
    if (what === 'refused') {
      const again = this.#button('Try again', () => this.#chat.open(room.name));
      const leave = this.#button('Take it off the list', () => this.#chat.leave(room.name));
      leave.className = 'quiet';
      return [
        make('h3', {}, `You are not in ${room.name}`),
        make('p', { role: 'alert' }, room.refusal),
        make('div', {}, again, leave),
      ];
    }
    if (room.membership !== 'joined') {
      return [
        make('h3', {}, room.name),
        make('p', {}, 'Messages appear as soon as the line is up.'),
      ];
    }
    return [
      make('h3', {}, `It is quiet in ${room.name}`),
      make(
        'p',
        {},
        'Say the first word below, or open this link in a second window and talk to yourself:',
      ),
      make('p', {}, make('code', {}, this.#link(room.name))),
      this.#copyButton(room.name),
    ];
  }

  /** @param {string} room */
  #copyButton(room) {
    const button = this.#button('Copy the link', async () => {
      try {
        await navigator.clipboard.writeText(this.#link(room));
        setText(button, 'Copied');
      } catch {
        setText(button, 'Please copy it by hand');
      }
    });
    return button;
  }

  /** @param {string} label @param {() => void} deed */
  #button(label, deed) {
    const button = make('button', { type: 'button' }, label);
    button.addEventListener('click', deed);
    return button;
  }
}
