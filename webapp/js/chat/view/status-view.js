// @ts-check
import { TRANSPORTS } from '../address.js';
import { byId, setText } from './dom.js';

/**
 * @typedef {import('../chat.js').Chat} Chat
 * @typedef {import('../../switchboard/index.js').State} State
 */

/** A cut that is mended sooner (ms) is worth a word in the lamp and no more. */
const WORTH_A_WORD = 2_000;

/** The lamp in the bar, the words that explain trouble, and the title of the window. */
export class StatusView {
  #chat;
  #lamp = byId('lamp');
  #trouble = byId('trouble');
  #retry = byId('trouble-retry');
  #announced = '';
  #transport = '';
  #online = false;
  /** @type {number | null} since when there is no connection */ #since = null;
  #everOnline = false;
  #reload = false;

  /** @param {Chat} chat @param {() => void} connect */
  constructor(chat, connect) {
    this.#chat = chat;
    this.#retry.addEventListener('click', () => (this.#reload ? location.reload() : connect()));
    setInterval(() => this.#since !== null && this.#showTrouble(), 250);
  }

  render() {
    const { link } = this.#chat;
    if (link.kind === 'online') {
      this.#everOnline = true;
      this.#since = null;
    } else this.#since ??= Date.now();
    const back = link.kind === 'connecting' && this.#everOnline;
    this.#lamp.dataset.state = link.kind;
    setText(byId('lamp-text'), back ? 'Reconnecting' : LAMP[link.kind]);
    const name = link.kind === 'online' ? link.transport : '';
    const [transport, short] = TRANSPORTS[name] ?? [name, name];
    setText(byId('lamp-transport'), transport);
    setText(byId('lamp-short'), short);
    this.#showTrouble();
    this.#announce(transport);
    const { unread, active } = this.#chat;
    const count = unread > 0 ? `(${unread}) ` : '';
    document.title = `${count}${active ? `${active} · ` : ''}Switchboard`;
    const badge = byId('narrow-unread');
    badge.hidden = unread === 0;
    setText(badge, unread > 99 ? '99+' : String(unread));
  }

  #showTrouble() {
    const { link } = this.#chat;
    const long = this.#since !== null && Date.now() - this.#since >= WORTH_A_WORD;
    // The first attempt is not trouble yet.
    const trouble = link.kind === 'waiting' || (link.kind === 'connecting' && this.#everOnline);
    this.#trouble.hidden = !(link.kind === 'ended' || (trouble && long));
    this.#trouble.dataset.state = link.kind;
    const [title, text, deed] = this.#words(link);
    setText(byId('trouble-title'), title);
    setText(byId('trouble-text'), text);
    setText(this.#retry, deed);
    this.#retry.hidden = deed === '';
    this.#reload = link.kind === 'ended' && link.needs === 'credentials';
  }

  // The countdown is for the eyes; the ears get one sentence for each change.
  /** @param {string} transport */
  #announce(transport) {
    const { link } = this.#chat;
    let text = this.#announced;
    if (link.kind === 'waiting') text = 'Connection lost. Trying again by itself.';
    else if (link.kind === 'ended') text = `Connection ended. ${this.#chat.linkReason}`;
    else if (link.kind === 'online' && (!this.#online || this.#transport !== transport)) {
      const other = this.#transport !== '' && this.#transport !== transport;
      // The first time is what everybody expects.
      if (this.#transport !== '') text = `Connected again.${other ? ` Now by ${transport}.` : ''}`;
      this.#transport = transport;
    }
    this.#online = link.kind === 'online';
    if (text === this.#announced) return;
    this.#announced = text;
    setText(byId('announce'), text);
  }

  /** @param {State} link @returns {[string, string, string]} */
  #words(link) {
    switch (link.kind) {
      case 'connecting':
        return ['Offline.', 'Trying to connect…', ''];
      case 'waiting': {
        const seconds = Math.max(0, Math.ceil((link.until - Date.now()) / 1000));
        const known = this.#everOnline || link.code !== 1006;
        const why = known ? this.#chat.linkReason : 'The server could not be reached.';
        const when = seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again now.';
        const network = navigator.onLine ? '' : ' This device seems to have no network.';
        return ['Offline.', `${why} ${when}${network}`, 'Retry now'];
      }
      case 'ended':
        return link.needs === 'credentials'
          ? ['Signed out.', `${this.#chat.linkReason} Sign in again to go on.`, 'Reload']
          : ['Ended by the server.', this.#chat.linkReason, 'Connect again'];
      default:
        return ['', '', ''];
    }
  }
}

const LAMP = /** @type {Record<State['kind'], string>} */ ({
  idle: 'Starting',
  connecting: 'Connecting',
  online: 'Online',
  waiting: 'Offline',
  ended: 'Ended',
  closed: 'Ended',
});
