// @ts-check
import { spoken } from './ends.js';
import { written } from './picture.js';
import { Room } from './room.js';
import { TypingSign } from './typing.js';

/**
 * @typedef {import('../switchboard/index.js').Switchboard} Switchboard
 * @typedef {import('../switchboard/index.js').State} State
 * @typedef {import('./room.js').Position} Position
 * @typedef {import('./room.js').Content} Content
 * @typedef {import('./room.js').Pending} Pending
 * @typedef {{key: number, title: string, text: string}} Notice
 *
 * @typedef {object} Around
 * @property {Switchboard} board
 * @property {() => void} changed
 * @property {() => number} now
 * @property {(run: () => void, ms: number) => unknown} setTimeout
 * @property {() => void} reintroduce ends the connection, so that the next one has the new name
 * @property {string[]} [mine] ids we had before the page was loaded
 * @property {Record<string, Position>} [read] how far the rooms were read then
 */

const MOST_NOTICES = 4;
/** How many of our own ids are worth keeping. */
const MOST_IDS = 200;
/** Read markers are told at most this often, in ms. */
const TELL_READ_AFTER = 800;
/** The protocol's default limit of one message in bytes, until the server names its own. */
const LARGEST = 64 * 1024;

/**
 * The conversation: rooms, who we are, what the person wants. It speaks through the client of
 * Switchboard and tells one listener that something changed; it knows no page.
 */
export class Chat {
  /** @type {Map<string, Room>} */ rooms = new Map();
  /** @type {string | null} */ active = null;
  /** @type {string} the display name asked for; '' leaves it to the server */ name = '';
  /** Whether somebody else says who we are: then the name is not ours to choose. */ known = false;
  /** @type {Notice[]} */ notices = [];
  /** Whether the person looks at the page. */ looking = true;
  /** @type {string} our id on this connection, or on the last one */ user = '';
  /** How large one message may be, in bytes. */ largest = LARGEST;
  /** @type {Around} */ #around;
  /** @type {Set<string>} */ #mine;
  /** @type {Record<string, Position>} */ #read;
  #sign = new TypingSign();
  #serial = 0;
  #keys = `page-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`;
  #telling = false;

  /** @param {Around} around */
  constructor(around) {
    this.#around = around;
    this.#mine = new Set(around.mine);
    this.#read = { ...around.read };
    const { board } = around;
    board.addEventListener('state', () => {
      this.#met();
      around.changed();
    });
    board.addEventListener('error', ({ detail }) => {
      this.#notice(`Error: ${detail.code}`, detail.message);
    });
    board.addEventListener('subscription', ({ detail: subscription }) => {
      if (subscription.channel.startsWith('room:')) return;
      subscription.addEventListener('publication', ({ detail: { channel, data } }) => {
        const text = data instanceof Uint8Array ? `${data.length} bytes` : data;
        this.#notice(channel, typeof text === 'string' ? text : JSON.stringify(text));
      });
    });
  }

  /** @returns {State} */
  get link() {
    return this.#around.board.state;
  }

  /** Why there is no connection, in words. */
  get linkReason() {
    const { link } = this;
    return 'code' in link ? spoken(link.code, link.reason) : '';
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
    const there = this.room?.people.find(({ user }) => user === this.user);
    return (this.known ? there?.name : this.name) || there?.name || this.user || 'guest';
  }

  /** Ids we have and had, newest last. @returns {string[]} */
  get mine() {
    return [...this.#mine].slice(-MOST_IDS);
  }

  /** How far each room was read. @returns {Record<string, Position>} */
  get read() {
    for (const room of this.rooms.values()) {
      const { readPosition } = room;
      if (readPosition) this.#read[room.name] = readPosition;
    }
    return this.#read;
  }

  /** @param {string} user @returns {boolean} */
  isMine(user) {
    this.#met();
    return this.#mine.has(user);
  }

  /** Opens a room, and joins it when we are not in. @param {string} name */
  open(name) {
    if (this.active !== name) {
      this.#stopTyping();
      this.room?.turnAway();
    }
    const known = this.rooms.get(name);
    this.active = name;
    if (!known || known.membership === 'refused') this.#join(name, known);
    if (this.looking) this.room?.look();
    this.#tellRead();
    this.#around.changed();
  }

  /** @param {string} name */
  leave(name) {
    const names = [...this.rooms.keys()];
    const next = names[names.indexOf(name) + 1] ?? names[names.indexOf(name) - 1] ?? null;
    const room = this.rooms.get(name);
    room?.tellRead();
    void this.read;
    this.rooms.delete(name);
    room?.subscription.unsubscribe();
    if (this.active === name) {
      this.active = null;
      if (next !== null) this.open(next);
    }
    this.#around.changed();
  }

  /**
   * Says something in the open room, or shows a picture there. It waits where there is no
   * connection.
   *
   * @param {Content} content
   * @returns {boolean} false when there is no room to say it in
   */
  say(content) {
    const { room } = this;
    if (!room || room.membership === 'refused') return false;
    this.#sign.over();
    this.#publish(room, room.send(`${this.#keys}-${(this.#serial += 1)}`, content));
    this.#around.changed();
    return true;
  }

  /**
   * How many bytes a text has too many for one message.
   *
   * @param {string} text
   */
  excess(text) {
    const channel = `room:${this.active}`;
    const key = `${this.#keys}-${Number.MAX_SAFE_INTEGER}`;
    const id = Number.MAX_SAFE_INTEGER;
    const frame = JSON.stringify({ type: 'publish', id, channel, data: { text }, key });
    return Math.max(0, new TextEncoder().encode(frame).length - this.largest);
  }

  /** Tries a failed message again. @param {string} key */
  sayAgain(key) {
    const item = this.room?.pending.find((one) => one.key === key);
    if (!item || !this.say(item.content)) return;
    this.room?.takeBack(key);
    this.#around.changed();
  }

  /** @param {string} key @returns {Content | null} what was not sent */
  takeBack(key) {
    const content = this.room?.takeBack(key)?.content ?? null;
    this.#around.changed();
    return content;
  }

  /** The person types in the open room, or has emptied the field. @param {boolean} goesOn */
  typing(goesOn) {
    if (!goesOn) return this.#stopTyping();
    const { room } = this;
    if (!room || room.people.length < 2 || !this.#sign.due(this.#around.now())) return;
    this.#pass(room, true);
  }

  /** Takes another name. @param {string} name '' for none */
  rename(name) {
    if (name === this.name || this.known) return;
    this.name = name;
    this.#around.reintroduce();
    this.#around.changed();
  }

  /** @param {boolean} looking */
  look(looking) {
    this.looking = looking;
    if (looking) this.room?.look();
    else this.room?.turnAway();
    this.#tellRead();
    this.#around.changed();
  }

  /** Something new was read, perhaps. */
  #tellRead() {
    if (this.#telling) return;
    this.#telling = true;
    this.#around.setTimeout(() => this.tellRead(), TELL_READ_AFTER);
  }

  /** Says now how far all rooms were read. */
  tellRead() {
    this.#telling = false;
    for (const room of this.rooms.values()) room.tellRead();
  }

  /** @param {number} key */
  dismiss(key) {
    this.notices = this.notices.filter((notice) => notice.key !== key);
    this.#around.changed();
  }

  /** @param {string} name @param {Room} [before] that we were not let into */
  #join(name, before) {
    const { board, now, changed } = this.#around;
    const subscription = board.subscribe(`room:${name}`, { presence: true });
    const room = new Room(
      name,
      subscription,
      {
        now,
        isMine: (user) => this.isMine(user),
        seen: () => this.looking && this.active === name,
        changed: () => {
          this.#tellRead();
          changed();
        },
      },
      this.#read[name] ?? null,
    );
    room.draft = before?.draft ?? '';
    room.pending = before?.pending ?? [];
    this.rooms.set(name, room);
  }

  /** @param {Room} room @param {Pending} item */
  async #publish(room, item) {
    const data = 'text' in item.content ? item.content : written(item.content.picture);
    try {
      const { offset } = await room.subscription.publish(data, { key: item.key });
      room.sent(item, Number(offset));
    } catch (error) {
      room.notSent(item, /** @type {any} */ (error));
    }
    this.#around.changed();
  }

  #stopTyping() {
    const { room } = this;
    if (this.#sign.over() && room) this.#pass(room, false);
  }

  /** @param {Room} room @param {boolean} typing */
  #pass(room, typing) {
    // Nobody misses it where there is no connection.
    room.subscription.publish({ typing }, { ephemeral: true }).catch(() => {});
  }

  /** Who we are is known before the client says that its state has changed. */
  #met() {
    const { link } = this;
    if (link.kind !== 'online' || link.user === this.user) return;
    this.user = link.user;
    this.#mine.delete(link.user);
    this.#mine.add(link.user);
  }

  /** @param {string} title @param {string} text */
  #notice(title, text) {
    const key = (this.#serial += 1);
    this.notices = [...this.notices, { key, title, text }].slice(-MOST_NOTICES);
    this.#around.changed();
  }
}
