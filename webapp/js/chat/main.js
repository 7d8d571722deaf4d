// @ts-check
import { Switchboard } from '../switchboard/index.js';
import { chatUrl, linkTo, roomFrom, transportFrom } from './address.js';
import { askHandshake } from './ask-handshake.js';
import { Chat } from './chat.js';
import { Remembered } from './remembered.js';
import { Tape } from './tape.js';
import { WireLog } from './wire-log.js';
import { ComposerView } from './view/composer-view.js';
import { byId } from './view/dom.js';
import { EmptyView } from './view/empty-view.js';
import { HandshakeView } from './view/handshake-view.js';
import { LogView } from './view/log-view.js';
import { NameView } from './view/name-view.js';
import { NoticesView } from './view/notices-view.js';
import { Panels } from './view/panels.js';
import { PeopleView } from './view/people-view.js';
import { PictureTray } from './view/picture-tray.js';
import { RoomsView } from './view/rooms-view.js';
import { StatusView } from './view/status-view.js';
import { Theme } from './view/theme.js';
import { TypingView } from './view/typing-view.js';
import { WireView } from './view/wire-view.js';

const remembered = new Remembered(() => localStorage);
const wire = new WireLog();
const endpoint = chatUrl(location.href);
const forced = transportFrom(location.href);

const tape = new Tape({
  now: () => Date.now(),
  onWire: (event) => {
    wire.add(event);
    renderSoon();
  },
  onConnected: ({ limits }) => {
    if (limits?.message > 0) chat.largest = limits.message;
  },
});

const tickets = document.querySelector('meta[name="switchboard-tickets"]')?.getAttribute('content');

/** An application that knows its users gives each connection a ticket. */
async function withTicket() {
  const answer = await fetch(/** @type {string} */ (tickets), { method: 'POST' });
  if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
  const url = new URL(endpoint);
  url.searchParams.set('ticket', (await answer.json()).ticket);
  return url;
}

// Before the client hears it, which may say goodbye then.
addEventListener('pagehide', () => {
  chat.tellRead();
  remember();
});

/** What we ask to be called, '' for nothing; a name that is known is not asked for. */
let called = tickets ? '' : remembered.text('name');

const board = new Switchboard(tickets ? withTicket : endpoint, {
  client: 'switchboard page',
  name: () => called || undefined,
  transports: forced === null ? undefined : [forced],
  around: (transport) => tape.around(transport),
});

const chat = new Chat({
  board,
  changed: () => renderSoon(),
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  reintroduce: () => {
    called = chat.name;
    tape.cut(4200, 'with another name');
  },
  mine: remembered.list('mine'),
  read: remembered.map('read'),
});
chat.known = Boolean(tickets);
chat.name = called;

const panels = new Panels();
const log = new LogView(chat, {
  again: (key) => chat.sayAgain(key),
  edit: (key) => {
    const content = chat.takeBack(key);
    if (content && 'text' in content) composer.put(content.text);
  },
  discard: (key) => chat.takeBack(key),
  older: () => chat.room?.loadOlder(),
});
const tray = new PictureTray(chat, () => renderSoon());
const composer = new ComposerView(chat, tray, () => log.follow());
const rooms = new RoomsView(chat, () => {
  panels.close();
  composer.focus();
});
const handshake = new HandshakeView(() => askHandshake(endpoint));
const wireView = new WireView(wire, () => handshake.look());
const views = [
  rooms,
  new PeopleView(chat),
  log,
  new EmptyView(chat, (room) => linkTo(location.href, room)),
  new TypingView(chat),
  composer,
  new StatusView(chat, () => board.connect()),
  new NameView(chat, remembered, () => composer.focus()),
  new NoticesView(chat),
  wireView,
];
new Theme(remembered);

let renderAsked = false;

// Many messages, one painting. A hidden page gets no animation frames but has a title to keep.
function renderSoon() {
  if (renderAsked) return;
  renderAsked = true;
  if (document.hidden) setTimeout(render, 0);
  else requestAnimationFrame(render);
}

function render() {
  renderAsked = false;
  for (const view of views) view.render();
  remember();
}

let kept = '';

function remember() {
  const names = [...chat.rooms.keys()];
  const { mine, read, active } = chat;
  const now = JSON.stringify([names, active, mine, read]);
  if (now === kept) return;
  kept = now;
  remembered.keep('rooms', names);
  remembered.keep('active', active ?? '');
  remembered.keep('mine', mine);
  remembered.keep('read', read);
  const link = active === null ? null : linkTo(location.href, active);
  if (link !== null && link !== location.href) history.replaceState(null, '', link);
}

function lookAround() {
  chat.look(!document.hidden && document.hasFocus());
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === 'Escape') {
    if (!panels.close() && !wireView.close()) composer.focus();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const deed = {
    ArrowUp: () => rooms.step(-1),
    ArrowDown: () => rooms.step(1),
    KeyJ: () => {
      panels.openRooms();
      rooms.focusJoin();
    },
    KeyW: () => wireView.toggle(),
  }[event.code];
  if (!deed) return;
  event.preventDefault();
  deed();
}

addEventListener('focus', lookAround);
addEventListener('blur', lookAround);
addEventListener('keydown', onKey);
addEventListener('hashchange', () => {
  const room = roomFrom(location.href);
  if (room !== null && room !== chat.active) chat.open(room);
});
document.addEventListener('visibilitychange', () => {
  lookAround();
  if (document.hidden && renderAsked) setTimeout(render, 0);
});
byId('keys').addEventListener('click', () => {
  /** @type {HTMLDialogElement} */ (byId('keys-dialog')).showModal();
});

lookAround();
for (const name of remembered.list('rooms')) chat.open(name);
chat.open(roomFrom(location.href) ?? (remembered.text('active') || 'lobby'));
