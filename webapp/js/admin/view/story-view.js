// @ts-check
import { byId, make, setText } from '../../chat/view/dom.js';
import { bytes, digits } from '../../lab/stats.js';
import { age } from '../rates.js';

/** @typedef {import('../api.js').Story} Story */

/** Everything that is known of one connection, while its dialog is open. */
export class StoryView {
  #dialog = /** @type {HTMLDialogElement} */ (byId('story'));
  #body = byId('story-body');
  #shown = '';

  /** @param {() => void} closed */
  constructor(closed) {
    this.#dialog.addEventListener('close', closed);
    byId('story-close').addEventListener('click', () => this.#dialog.close());
  }

  /** @param {string} session */
  open(session) {
    setText(byId('story-title'), session);
    setText(byId('story-error'), '');
    this.#body.replaceChildren();
    this.#shown = '';
    byId('story-disconnect').hidden = false;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** @param {Story} story @param {number} now of the server's clock */
  show(story, now) {
    setText(byId('story-title'), story.name ? `${story.name} (${story.user})` : story.user);
    const text = JSON.stringify([story, age(now - Date.parse(story.since))]);
    if (text === this.#shown) return; // what somebody is reading or selecting is left alone
    this.#shown = text;
    const { queue } = story;
    const held =
      queue.heldUp > 1000 ? ` It has taken nothing for ${age(queue.heldUp)}, although it should.` : '';
    this.#body.replaceChildren(
      pairs([
        ['Session', story.session],
        ['Over', `${story.transport}, ${story.subprotocol}${story.guest ? ', a guest' : ''}`],
        ['From', story.address],
        ['For', age(now - Date.parse(story.since))],
        ['Messages', `${digits(story.messagesIn)} in, ${digits(story.messagesOut)} out`],
      ]),
      make('h3', {}, 'Queue'),
      make(
        'p',
        { class: queue.bytes > 0 ? 'waits' : '', id: 'story-queue' },
        queue.frames === 0
          ? `Nothing waits. ${bytes(queue.underWay)} under way.${held}`
          : `${digits(queue.frames)} frames wait, ${bytes(queue.bytes)}. ${bytes(queue.underWay)} under way.${held}`,
      ),
      make('h3', {}, 'Subscriptions'),
      story.subscriptions.length === 0
        ? make('p', {}, 'None.')
        : list(
            story.subscriptions.map(
              ({ channel, offset, behind }) =>
                `${channel}: told up to ${digits(offset)}${behind ? ', behind, caught up from the log' : ''}`,
            ),
          ),
      make('h3', {}, 'Last errors'),
      story.errors.length === 0
        ? make('p', {}, 'None.')
        : list(
            story.errors.map(
              ({ at, code, message }) => `${new Date(at).toLocaleTimeString()} ${code}: ${message}`,
            ),
          ),
      make('h3', {}, 'Handshake'),
      make('pre', { tabindex: '0' }, handshake(story)),
    );
  }

  /** @param {string} message @param {boolean} over whether there is nothing left to disconnect */
  failed(message, over) {
    setText(byId('story-error'), message);
    if (over) byId('story-disconnect').hidden = true;
  }
}

/** @param {[string, string][]} all */
function pairs(all) {
  return make('dl', {}, ...all.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

/** @param {string[]} lines */
function list(lines) {
  return make('ul', { class: 'lines' }, ...lines.map((line) => make('li', {}, line)));
}

/** @param {Story} story */
function handshake({ handshake }) {
  const headers = (/** @type {Record<string, string>} */ all) =>
    Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const answer = headers(handshake.responseHeaders);
  return [
    handshake.line,
    ...headers(handshake.requestHeaders),
    ...(answer.length === 0 ? [] : ['', '101', ...answer]),
  ].join('\n');
}
