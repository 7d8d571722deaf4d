// @ts-check
import { listed } from './text.js';

/**
 * @typedef {import('./room.js').Room} Room
 * @typedef {import('./room.js').Pending} Pending
 * @typedef {import('./timeline.js').Entry} Entry
 * @typedef {import('./timeline.js').Message} Message
 * @typedef {Extract<Entry, {kind: 'moved'}>} Moved
 * @typedef {Exclude<Message, {kind: 'push'}>} Spoken
 *
 * @typedef {{kind: 'edge', key: string, text: string, again: boolean}
 *   | {kind: 'day', key: string, text: string}
 *   | {kind: 'new', key: string, text: string}
 *   | {kind: 'said', key: string, said: Spoken, head: boolean, own: boolean}
 *   | {kind: 'aside', key: string, text: string, at: string}
 *   | {kind: 'push', key: string, data: unknown, at: string}
 *   | {kind: 'pending', key: string, item: Pending, head: boolean, waits: boolean}} Row
 *   One line of the list. Two rows with the same key show the same.
 */

/** Messages of one person within this time (ms) stand under one name. */
const GROUP_WITHIN = 5 * 60_000;

/**
 * What the message list shows for a room, from top to bottom.
 *
 * @param {Room} room
 * @param {{own: (user: string) => boolean, now: number, online: boolean}} context
 * @returns {Row[]}
 */
export function rowsOf(room, { own, now, online }) {
  /** @type {Row[]} */
  const rows = [...edgeOf(room)];
  let day = '';
  /** @type {Spoken | null} */
  let above = null;
  const { entries } = room.timeline;
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i];
    const label = dayLabel(entry.at, now);
    if (label && label !== day) {
      day = label;
      rows.push({ kind: 'day', key: `day-${label}-${entry.key}`, text: label });
      above = null;
    }
    if (entry.key === room.marker) {
      rows.push({ kind: 'new', key: `new-${entry.key}`, text: 'New' });
      above = null;
    }
    if (entry.kind === 'said' || entry.kind === 'picture') {
      const head = !above || !sameGroup(above, entry);
      const isOwn = own(entry.user);
      const key = `${entry.key}-${entry.at}-${head}-${isOwn}`;
      rows.push({ kind: 'said', key, said: entry, head, own: isOwn });
      above = entry;
      continue;
    }
    above = null;
    if (entry.kind === 'push') {
      rows.push({ kind: 'push', key: `${entry.key}-${entry.at}`, data: entry.data, at: entry.at });
    } else if (entry.kind === 'note') rows.push({ ...entry, kind: 'aside' });
    else {
      const run = runOfMoves(entries, i);
      i += run.length - 1;
      const key = `moves-${run[0].key}-${run[run.length - 1].key}-${run.length}`;
      rows.push({ kind: 'aside', key, text: movesText(run), at: entry.at });
    }
  }
  let head = !above || !own(above.user);
  for (const item of room.pending) {
    const waits = item.state === 'sending' && !online;
    const key = `${item.key}-${item.state}-${waits}-${head}`;
    rows.push({ kind: 'pending', key, item, head, waits });
    head = false;
  }
  return rows;
}

/** What stands above the oldest message. @param {Room} room @returns {Row[]} */
function edgeOf({ older, hasOlder, timeline }) {
  if (older === 'failed') {
    const text = 'Older messages could not be read.';
    return [{ kind: 'edge', key: 'edge-failed', text, again: true }];
  }
  if (timeline.messages.length === 0) return [];
  // It stands there before they are asked for, so that nothing moves when they are.
  if (hasOlder) return [{ kind: 'edge', key: 'edge-older', text: 'Older messages…', again: false }];
  const text =
    timeline.oldest === 1
      ? 'This is where the room begins.'
      : 'What was said before is no longer kept.';
  return [{ kind: 'edge', key: `edge-${text}`, text, again: false }];
}

/** @param {Spoken} a @param {Spoken} b */
function sameGroup(a, b) {
  return (
    a.user === b.user &&
    a.name === b.name &&
    Math.abs(Date.parse(b.at) - Date.parse(a.at)) < GROUP_WITHIN
  );
}

/** @param {Entry[]} entries @param {number} from */
function runOfMoves(entries, from) {
  /** @type {Moved[]} */
  const run = [];
  for (let i = from; i < entries.length; i += 1) {
    const entry = entries[i];
    if (entry.kind !== 'moved') break;
    run.push(entry);
  }
  return run;
}

/** @param {Moved[]} run @returns {string} "Ann and Bob joined · Cy left" */
function movesText(run) {
  const parts = [];
  for (const [move, verb] of [
    ['joined', 'joined'],
    ['left', 'left'],
  ]) {
    const names = run.filter((one) => one.move === move).map((one) => one.name);
    if (names.length > 0) parts.push(`${listed([...new Set(names)])} ${verb}`);
  }
  return parts.join(' · ');
}

/** @param {string} at @param {number} now @returns {string} '' when `at` is no time */
export function dayLabel(at, now) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  const days = Math.round((midnight(new Date(now)) - midnight(date)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return date.toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: days > 300 ? 'numeric' : undefined,
  });
}

/** @param {Date} date */
function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** @param {string | number} at @returns {string} hours and minutes; '' when `at` is no time */
export function clockTime(at) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
