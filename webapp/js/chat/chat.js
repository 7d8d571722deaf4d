// @ts-check
import { Outstanding } from './outstanding.js';
import { Room } from './room.js';
import { readHandshake } from './handshake.js';

/**
 * @typedef {import('./connection.js').State} State
 * @typedef {import('./timeline.js').Said} Said
 * @typedef {import('./handshake.js').Handshake} Handshake
 * @typedef {{kind: 'unasked'} | {kind: 'asked'} | {kind: 'untold'}
 *   | {kind: 'told', handshake: Handshake}} HandshakeState
 *   `untold`: the server does not know the question
 * @typedef {{key: number, title: string, text: string}} Notice
 */

/** How many messages are replayed on a first join, and how many on a return. */
const FIRST_REPLAY = 50;
const RETURN_REPLAY = 100;
const MOST_NOTICES = 4;

/** The protocol's default limit of one message in bytes, where welcome names no other. */
const LARGEST = 64 * 1024;

const TAKEN_OUT = 'You are not in this room any more.';

/**
 * The conversation: rooms, who we are, what the server says and what the person wants. It sends
 * through a function and tells one listener that something changed; it knows no socket and no page.
 */
export class Chat {
  /** @type {Map<string, Room>} */ rooms = new Map();
  /** @type {string | null} */ active = null;
  /** @type {string} the display name asked for; '' leaves it to the server */ name = '';
  /** @type {string | null} our id on this connection */ user = null;
  /** @type {string} the session's id */ session = '';
  /** @type {State} */ link = { kind: 'idle' };
  /** @type {HandshakeState} */ handshake = { kind: 'unasked' };
  /** @type {Notice[]} */ notices = [];
  /** Whether the person looks at the page. */ looking = true;
  #send;
  #changed;
  #now;
  #outstanding = new Outstanding();
  /** @type {Set<string>} every id we had since the page was loaded */ #mine = new Set();
  #serial = 0;
  #largest = LARGEST;
  #lostAt = 0;

  /**
   * @param {object} around
   * @param {(message: object) => boolean} around.send false when there is no connection
   * @param {() => void} around.changed
   * @param {() => number} around.now
   */
  constructor({ send, changed, now }) {
    this.#send = send;
    this.#changed = changed;
    this.#now = now;
  }

  /** @returns {Room | null} the room that is open */
  get room() {
    return this.active === null ? null : (this.rooms.get(this.active) ?? null);
  }

  get unread() {
    return [...this.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
  }

  /** What we are called: our wish, else what the server calls us. */
  get shownName() {
    return this.name || this.user || 'guest';
  }

  /** @param {{user: string}} said @returns {boolean} */
  isMine(said) {
    return this.#mine.has(said.user);
  }

  // ---- what the person does

  /** Opens a room, and joins it when we are not in. @param {string} name */
  open(name) {
    if (this.active !== name) this.room?.turnAway();
    const room = this.rooms.get(name) ?? new Room(name);
    this.rooms.set(name, room);
    this.active = name;
    if (this.looking) room.look();
    if (room.membership === 'out' || room.membership === 'refused') this.#join(room);
    this.#changed();
  }

  /** @param {string} name */
  leave(name) {
    const names = [...this.rooms.keys()];
    const next = names[names.indexOf(name) + 1] ?? names[names.indexOf(name) - 1] ?? null;
    if (this.rooms.get(name)?.membership !== 'refused') this.#ask('leave', { room: name });
    this.rooms.delete(name);
    if (this.active === name) {
      this.active = null;
      if (next !== null) this.open(next);
    }
    this.#changed();
  }

  /**
   * Says something in the open room.
   *
   * @param {string} text
   * @returns {boolean} false when there is nobody to say it to now; then nothing changed
   */
  say(text) {
    const room = this.room;
    if (!room || room.membership !== 'joined' || this.link.kind !== 'online') return false;
    const item = room.send(text);
    if (!this.#ask('say', { room: room.name, text }, item.key)) {
      room.takeBack(item.key);
      return false;
    }
    this.#changed();
    return true;
  }

  /**
   * How many bytes a text has too many: sending it would cost us the connection.
   *
   * @param {string} text
   */
  excess(text) {
    const frame = JSON.stringify({ type: 'say', room: this.active, text });
    return Math.max(0, new TextEncoder().encode(frame).length - this.#largest);
  }

  /** Tries a failed message again. @param {string} key @returns {boolean} */
  sayAgain(key) {
    const room = this.room;
    const item = room?.pending.find((one) => one.key === key);
    if (!room || !item || !this.say(item.text)) return false;
    room.takeBack(key);
    this.#changed();
    return true;
  }

  /** @param {string} key @returns {string} the text that was not sent */
  takeBack(key) {
    const text = this.room?.takeBack(key)?.text ?? '';
    this.#changed();
    return text;
  }

  /** Takes another name, in every room we are in. @param {string} name '' for none */
  rename(name) {
    if (name === this.name) return;
    this.name = name;
    for (const room of this.rooms.values()) {
      if (room.membership !== 'joined' && room.membership !== 'joining') continue;
      this.#ask('leave', { room: room.name });
      this.#join(room);
    }
    this.#changed();
  }

  /** @param {boolean} looking */
  look(looking) {
    this.looking = looking;
    if (looking) this.room?.look();
    else this.room?.turnAway();
    this.#changed();
  }

  /** @param {number} key */
  dismiss(key) {
    this.notices = this.notices.filter((notice) => notice.key !== key);
    this.#changed();
  }

  // ---- what the connection does

  /** @param {State} state */
  linkChanged(state) {
    if (this.link.kind === 'online' && state.kind !== 'online') this.#lost(state);
    this.link = state;
    this.#changed();
  }

  /** @param {State} state */
  #lost(state) {
    this.#lostAt = this.#now();
    this.#outstanding.clear();
    for (const room of this.rooms.values()) {
      room.lost();
      if ('code' in state && state.code === 1009) {
        for (const item of room.pending) {
          if (item.state === 'unsure') room.failed(item.key, 'It was too large for the server.');
        }
      }
    }
  }

  /**
   * Takes one message of the server.
   *
   * @param {any} message
   * @returns {boolean} false when its type means nothing to this page
   */
  receive(message) {
    const known = Object.hasOwn(this.#takers, message.type);
    if (known) this.#takers[message.type](message);
    this.#changed();
    return known;
  }

  /** @type {Record<string, (message: any) => void>} */
  #takers = {
    welcome: (message) => this.#welcome(message),
    joined: (message) => this.#joined(message),
    left: (message) => this.#left(message),
    history: (message) => this.#history(message),
    said: (message) => this.#said(message),
    who: (message) => this.#who(message),
    push: (message) => this.#push(message),
    handshake: (message) => this.#handshake(message),
    error: (message) => this.#error(message),
    // The connection keeps the last word for its state; an answer to a ping is a sign of life only.
    bye: () => {},
    pong: () => {},
  };

  /** @param {any} message */
  #welcome({ user, session, limits }) {
    this.#largest = Number(limits?.message) || LARGEST;
    this.user = String(user);
    this.session = String(session ?? '');
    this.#mine.add(this.user);
    this.handshake = this.#ask('handshake', {}) ? { kind: 'asked' } : { kind: 'unasked' };
    for (const room of this.rooms.values()) this.#join(room);
  }

  /** @param {any} message */
  #joined({ room: name, at, ...who }) {
    const room = this.rooms.get(name);
    const person = asPerson(who);
    if (!room) return;
    if (person.user !== this.user) return room.moved('joined', { ...person, at });
    if (room.membership !== 'joining') return;
    this.#outstanding.answered('join', name);
    const back = room.wasLost;
    room.entered(person);
    if (back) {
      const seconds = Math.max(1, Math.round((this.#now() - this.#lostAt) / 1000));
      room.timeline.note(`You were disconnected for ${duration(seconds)}.`, at);
    }
  }

  /** @param {any} message */
  #left({ room: name, at, ...who }) {
    const room = this.rooms.get(name);
    const person = asPerson(who);
    if (person.user !== this.user) return room?.moved('left', { ...person, at });
    this.#outstanding.answered('leave', name);
    // Ours while we are joining belongs to the leave before it. Else another window of the same
    // user may have left, or we were taken out: the server knows.
    if (room?.membership === 'joined') this.#ask('who', { room: name });
  }

  /** @param {any} message */
  #history({ room: name, messages }) {
    const room = this.rooms.get(name);
    if (!room || !Array.isArray(messages)) return;
    const asked = room.returning ? RETURN_REPLAY : FIRST_REPLAY;
    const own = (/** @type {Said} */ said) => this.isMine(said);
    room.replay(messages.map(asSaid), { own, seen: this.#sees(room), asked });
  }

  /** @param {any} message */
  #said(message) {
    const room = this.rooms.get(message.room);
    const own = this.isMine(message);
    if (own) this.#outstanding.answered('say', message.room);
    room?.said(asSaid(message), { own, seen: this.#sees(room) });
  }

  /** @param {any} message */
  #who({ room: name, users }) {
    this.#outstanding.answered('who', name);
    const room = this.rooms.get(name);
    if (!room || !Array.isArray(users)) return;
    room.present(users.map(asPerson));
    const gone = !users.some((person) => person.user === this.user);
    if (gone && room.membership === 'joined') room.refused(TAKEN_OUT);
  }

  /** @param {any} message */
  #push({ channel, data, at }) {
    const room = String(channel).startsWith('room:')
      ? this.rooms.get(String(channel).slice('room:'.length))
      : undefined;
    if (room) room.pushed(data, at, this.#sees(room));
    else this.#notice(String(channel), typeof data === 'string' ? data : JSON.stringify(data));
  }

  /** @param {any} message */
  #handshake(message) {
    this.#outstanding.answered('handshake');
    const handshake = readHandshake(message);
    this.handshake = handshake ? { kind: 'told', handshake } : { kind: 'untold' };
  }

  /** @param {any} message */
  #error({ code, message: text }) {
    const reason = String(text || code || 'The server reported an error.');
    const asked = this.#outstanding.blame(String(code));
    const room = asked ? this.rooms.get(asked.room) : undefined;
    if (asked?.kind === 'handshake') this.handshake = { kind: 'untold' };
    else if (asked?.kind === 'join') room?.refused(reason);
    else if (asked?.kind === 'say') {
      room?.failed(asked.key, reason);
      if (code === 'not-joined') room?.refused(TAKEN_OUT);
    } else if (asked?.kind === 'who') {
      if (code === 'not-joined' && room?.membership === 'joined') room.refused(TAKEN_OUT);
    } else if (!asked) this.#notice(`Error: ${code}`, reason);
  }

  // ---- small steps

  /** @param {Room} room */
  #join(room) {
    room.joining();
    const last = room.returning ? RETURN_REPLAY : FIRST_REPLAY;
    const name = this.name ? { name: this.name } : {};
    if (this.#ask('join', { room: room.name, ...name, last })) {
      this.#ask('who', { room: room.name });
    } else room.lost();
  }

  /**
   * @param {import('./outstanding.js').Kind} type
   * @param {{room?: string, [field: string]: unknown}} fields
   * @param {string} [key] of the pending message
   */
  #ask(type, fields, key = '') {
    if (this.link.kind !== 'online' || !this.#send({ type, ...fields })) return false;
    this.#outstanding.asked(type, fields.room ?? '', key);
    return true;
  }

  /** @param {Room} room */
  #sees(room) {
    return this.looking && room.name === this.active;
  }

  /** @param {string} title @param {string} text */
  #notice(title, text) {
    this.#serial += 1;
    this.notices = [...this.notices, { key: this.#serial, title, text }].slice(-MOST_NOTICES);
  }
}

/**
 * Whoever has no display name is called by the id; what has neither was said by the server itself,
 * on behalf of someone with its API key.
 *
 * @param {any} who
 * @returns {import('./room.js').Person}
 */
function asPerson({ user, name }) {
  const id = String(user ?? '');
  return { user: id, name: String(name || id || 'Server') };
}

/** @param {any} message @returns {Said} */
function asSaid(message) {
  const { room, text, at, id } = message;
  return { room, ...asPerson(message), text: String(text ?? ''), at: String(at), id: Number(id) };
}

/** @param {number} seconds */
function duration(seconds) {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
