// @ts-check
import { chatUrl, linkTo, roomFrom } from './address.js';
import { Chat } from './chat.js';
import { Connection } from './connection.js';
import { Remembered } from './remembered.js';
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
import { RoomsView } from './view/rooms-view.js';
import { StatusView } from './view/status-view.js';
import { Theme } from './view/theme.js';
import { WireView } from './view/wire-view.js';

const remembered = new Remembered(() => localStorage);
const wire = new WireLog();

const chat = new Chat({
  send: (message) => connection.send(message),
  changed: () => renderSoon(),
  now: () => Date.now(),
});
chat.name = remembered.text('name');

const connection = new Connection({
  url: chatUrl(location.href),
  open: (url) => new WebSocket(url, ['chat']),
  clock: {
    now: () => Date.now(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  },
  random: Math.random,
  onState: (state) => chat.linkChanged(state),
  onMessage: (message) => chat.receive(message),
  onWire: (event) => {
    wire.add(event);
    renderSoon();
  },
});

const panels = new Panels();
const log = new LogView(chat, {
  again: (key) => chat.sayAgain(key),
  edit: (key) => composer.put(chat.takeBack(key)),
  discard: (key) => chat.takeBack(key),
});
const composer = new ComposerView(chat, () => log.follow());
const rooms = new RoomsView(chat, () => {
  panels.close();
  composer.focus();
});
const wireView = new WireView(wire);
const views = [
  rooms,
  new PeopleView(chat),
  log,
  new EmptyView(chat, (room) => linkTo(location.href, room)),
  composer,
  new StatusView(chat, () => connection.connect()),
  new NameView(chat, remembered, () => composer.focus()),
  new NoticesView(chat),
  new HandshakeView(chat),
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
  const now = JSON.stringify([names, chat.active]);
  if (now === kept) return;
  kept = now;
  remembered.keep('rooms', names);
  remembered.keep('active', chat.active ?? '');
  if (chat.active !== null) history.replaceState(null, '', linkTo(location.href, chat.active));
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

addEventListener('online', () => connection.networkBack());
addEventListener('offline', () => connection.check());
addEventListener('focus', lookAround);
addEventListener('blur', lookAround);
addEventListener('keydown', onKey);
addEventListener('hashchange', () => {
  const room = roomFrom(location.href);
  if (room !== null && room !== chat.active) chat.open(room);
});
document.addEventListener('visibilitychange', () => {
  lookAround();
  // A laptop that slept wakes up with a socket that may be dead for long.
  if (!document.hidden) connection.check();
  else if (renderAsked) setTimeout(render, 0);
});
byId('keys').addEventListener('click', () => {
  /** @type {HTMLDialogElement} */ (byId('keys-dialog')).showModal();
});

lookAround();
for (const name of remembered.list('rooms')) chat.open(name);
const wanted = roomFrom(location.href) ?? (remembered.text('active') || 'lobby');
chat.open(wanted);
connection.connect();
