// @ts-check
import { clockTime } from '../rows.js';
import { initials, onlyEmoji, pieces, size, tint } from '../text.js';
import { make } from './dom.js';
import { pictureElement } from './picture-element.js';

/**
 * @typedef {import('../rows.js').Row} Row
 * @typedef {{again(key: string): void, edit(key: string): void, discard(key: string): void,
 *   older(): void}} Deeds what can be done with a message that was not sent, and with the past
 */

/**
 * Builds one line of the message list.
 *
 * @param {Row} row
 * @param {Deeds} deeds
 * @returns {HTMLElement}
 */
export function rowElement(row, deeds) {
  switch (row.kind) {
    case 'edge':
      return edgeElement(row, deeds);
    case 'day':
      return make('div', { class: 'row day', role: 'separator' }, make('span', {}, row.text));
    case 'new':
      return make('div', { class: 'row new', role: 'separator' }, make('span', {}, row.text));
    case 'said':
      return saidElement(row);
    case 'aside':
      return make('p', { class: 'row aside' }, row.text);
    case 'push':
      return pushElement(row);
    case 'pending':
      return pendingElement(row, deeds);
  }
}

/** @param {Extract<Row, {kind: 'edge'}>} row @param {Deeds} deeds */
function edgeElement({ text, again }, deeds) {
  const element = make('p', { class: 'row edge' }, text);
  if (again) {
    const button = make('button', { type: 'button', class: 'quiet' }, 'Try again');
    button.addEventListener('click', () => deeds.older());
    element.append(' ', button);
  }
  return element;
}

/** @param {Extract<Row, {kind: 'said'}>} row */
function saidElement({ said, head, own }) {
  const classes = ['row', 'message', head ? 'head' : 'more', own ? 'own' : 'other'];
  const bubble =
    said.kind === 'picture' ? pictureElement(said.picture, said.name) : bubbleOf(said.text);
  const element = make('article', { class: classes.join(' ') });
  if (head) {
    const mark = { class: 'avatar', 'data-tint': String(tint(said.name)), 'aria-hidden': 'true' };
    element.append(
      make('span', mark, initials(said.name)),
      make(
        'header',
        {},
        make('strong', { 'data-tint': String(tint(said.name)), title: said.user }, said.name),
        ' ',
        timeElement(said.at),
      ),
      bubble,
    );
  } else {
    element.append(make('span', { class: 'sr' }, `${said.name}: `), timeElement(said.at), bubble);
  }
  return element;
}

/** @param {Extract<Row, {kind: 'push'}>} row */
function pushElement({ data, at }) {
  const text =
    data instanceof Uint8Array
      ? `${size(data.length)} that are no picture`
      : typeof data === 'string'
        ? data
        : JSON.stringify(data, null, 2);
  return make(
    'article',
    { class: 'row push' },
    make('header', {}, make('strong', {}, 'Pushed by the server'), ' ', timeElement(at)),
    make('pre', {}, text),
  );
}

/** @param {Extract<Row, {kind: 'pending'}>} row @param {Deeds} deeds */
function pendingElement({ item, head, waits }, deeds) {
  const { content } = item;
  const bubble =
    'text' in content ? bubbleOf(content.text) : pictureElement(content.picture, 'you');
  const failed = item.state === 'failed';
  const state = {
    sending: waits ? 'Waits for the connection' : 'Sending…',
    unsure: 'Not confirmed yet',
    failed: `Not sent. ${item.reason}`,
  }[item.state];
  const foot = make('p', { class: 'pending-state' }, state);
  if (failed) {
    foot.setAttribute('role', 'alert');
    /** @type {[string, (key: string) => void][]} */
    const choices = [
      ['Try again', deeds.again],
      ['Edit', deeds.edit],
      ['Discard', deeds.discard],
    ];
    // A picture cannot be edited here.
    for (const [label, deed] of choices.filter(
      ([, one]) => 'text' in content || one !== deeds.edit,
    )) {
      const button = make('button', { type: 'button' }, label);
      button.addEventListener('click', () => deed(item.key));
      foot.append(' ', button);
    }
  }
  const classes = `row message own pending ${item.state} ${head ? 'head' : 'more'}${waits ? ' waits' : ''}`;
  return make('article', { class: classes }, bubble, foot);
}

/** @param {string} text */
function bubbleOf(text) {
  const bubble = make('div', { class: 'bubble' });
  if (onlyEmoji(text)) bubble.classList.add('emoji');
  for (const piece of pieces(text)) {
    bubble.append(
      piece.href
        ? make(
            'a',
            { href: piece.href, target: '_blank', rel: 'noopener noreferrer nofollow' },
            piece.text,
          )
        : piece.text,
    );
  }
  return bubble;
}

/** @param {string} at */
function timeElement(at) {
  const date = new Date(at);
  const full = Number.isNaN(date.getTime()) ? '' : date.toLocaleString();
  return make('time', { datetime: at, title: full }, clockTime(at));
}
