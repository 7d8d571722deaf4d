// @ts-check
import { byId, setText } from './dom.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('../connection.js').State} State
 */

/** The lamp in the bar, the strip that explains trouble, and the title of the window. */
export class StatusView {
  #chat;
  #lamp = byId('lamp');
  #trouble = byId('trouble');
  #retry = byId('trouble-retry');
  #announced = '';
  #everOnline = false;
  /** @type {State['kind']} */ #before = 'idle';
  #reload = false;

  /** @param {Chat} chat @param {() => void} connect */
  constructor(chat, connect) {
    this.#chat = chat;
    this.#retry.addEventListener('click', () => (this.#reload ? location.reload() : connect()));
    setInterval(() => this.#chat.link.kind === 'waiting' && this.#showTrouble(), 250);
  }

  render() {
    const { link } = this.#chat;
    this.#lamp.dataset.state = link.kind;
    setText(byId('lamp-text'), LAMP[link.kind]);
    if (link.kind === 'online') this.#everOnline = true;
    this.#showTrouble();
    this.#announce();
    const { unread, active } = this.#chat;
    const count = unread > 0 ? `(${unread}) ` : '';
    document.title = `${count}${active ? `${active} · ` : ''}Switchboard`;
    const badge = byId('narrow-unread');
    badge.hidden = unread === 0;
    setText(badge, unread > 99 ? '99+' : String(unread));
  }

  #showTrouble() {
    const { link } = this.#chat;
    // The first attempt is not trouble yet; a later one must not make the strip flicker.
    const connecting = link.kind === 'connecting' && this.#before === 'waiting';
    if (link.kind === 'online' || link.kind === 'ended') this.#before = link.kind;
    if (link.kind === 'waiting') this.#before = 'waiting';
    this.#trouble.hidden = !(link.kind === 'waiting' || link.kind === 'ended' || connecting);
    this.#trouble.dataset.state = link.kind;
    const [title, text, deed] = words(link, this.#everOnline);
    setText(byId('trouble-title'), title);
    setText(byId('trouble-text'), text);
    setText(this.#retry, deed);
    this.#retry.hidden = deed === '';
    this.#reload = link.kind === 'ended' && link.needs === 'credentials';
  }

  // The countdown is for the eyes; the ears get one sentence for each change.
  #announce() {
    const { link } = this.#chat;
    const text = {
      idle: '',
      connecting: this.#announced,
      online: this.#announced === '' ? '' : 'Connected again.',
      waiting: 'Connection lost. Trying again by itself.',
      ended: 'reason' in link ? `Connection ended. ${link.reason}` : '',
    }[link.kind];
    if (text === this.#announced) return;
    this.#announced = text;
    setText(byId('announce'), text);
  }
}

const LAMP = /** @type {Record<State['kind'], string>} */ ({
  idle: 'Starting',
  connecting: 'Connecting',
  online: 'Online',
  waiting: 'Offline',
  ended: 'Ended',
});

/** @param {State} link @param {boolean} everOnline @returns {[string, string, string]} */
function words(link, everOnline) {
  switch (link.kind) {
    case 'connecting':
      return ['Offline.', 'Trying to connect…', ''];
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil((link.until - Date.now()) / 1000));
      const why =
        everOnline || link.code !== 1006 ? link.reason : 'The server could not be reached.';
      const when = seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again now.';
      const network = navigator.onLine ? '' : ' This device seems to have no network.';
      return ['Offline.', `${why} ${when}${network}`, 'Retry now'];
    }
    case 'ended':
      return link.needs === 'credentials'
        ? ['Signed out.', `${link.reason} Sign in again to go on.`, 'Reload']
        : ['Ended by the server.', link.reason, 'Connect again'];
    default:
      return ['', '', ''];
  }
}
