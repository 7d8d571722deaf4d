// @ts-check
import { listed } from './text.js';

/**
 * @typedef {import('./room.js').Room} Room
 * @typedef {import('./room.js').Pending} Pending
 * @typedef {import('./timeline.js').Entry} Entry
 * @typedef {import('./timeline.js').Said} Said
 * @typedef {Extract<Entry, {kind: 'moved'}>} Moved
 *
 * @typedef {{kind: 'day', key: string, text: string}
 *   | {kind: 'new', key: string, text: string}
 *   | {kind: 'said', key: string, said: Said, head: boolean, own: boolean}
 *   | {kind: 'aside', key: string, text: string, at: string}
 *   | {kind: 'push', key: string, data: unknown, at: string}
 *   | {kind: 'pending', key: string, item: Pending, head: boolean}} Row
 *   One line of the list. Two rows with the same key show the same.
 */

/** Messages of one person within this time (ms) stand under one name. */
const GROUP_WITHIN = 5 * 60_000;

/**
 * What the message list shows for a room, from top to bottom.
 *
 * @param {Room} room
 * @param {{own: (said: Said) => boolean, now: number}} context
 * @returns {Row[]}
 */
export function rowsOf(room, { own, now }) {
  /** @type {Row[]} */
  const rows = [];
  let day = '';
  /** @type {Said | null} */
  let above = null;
  const { entries } = room.timeline;
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i];
    const at = entry.kind === 'said' ? entry.said.at : entry.at;
    const label = dayLabel(at, now);
    if (label && label !== day) {
      day = label;
      rows.push({ kind: 'day', key: `day-${label}-${entry.key}`, text: label });
      above = null;
    }
    if (entry.key === room.marker) {
      rows.push({ kind: 'new', key: `new-${entry.key}`, text: 'New' });
      above = null;
    }
    if (entry.kind === 'said') {
      const head = !above || !sameGroup(above, entry.said);
      const isOwn = own(entry.said);
      const key = `${entry.log}-${entry.key}-${head}-${isOwn}`;
      rows.push({ kind: 'said', key, said: entry.said, head, own: isOwn });
      above = entry.said;
      continue;
    }
    above = null;
    if (entry.kind === 'push') rows.push(entry);
    else if (entry.kind === 'note') rows.push({ ...entry, kind: 'aside' });
    else {
      const run = runOfMoves(entries, i);
      i += run.length - 1;
      const key = `moves-${run[0].key}-${run[run.length - 1].key}`;
      rows.push({ kind: 'aside', key, text: movesText(run), at });
    }
  }
  let head = !above || !own(above);
  for (const item of room.pending) {
    rows.push({ kind: 'pending', key: `${item.key}-${item.state}-${head}`, item, head });
    head = false;
  }
  return rows;
}

/** @param {Said} a @param {Said} b */
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
  for (const one of run) {
    if (one.move === 'renamed') parts.push(`${one.was} is now ${one.name}`);
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
