// @ts-check

const LINK = /\bhttps?:\/\/[^\s<>"'`]+/gu;

/**
 * Cuts a text into plain pieces and links. A closing bracket or full stop after a link is not
 * taken for a part of it.
 *
 * @param {string} text
 * @returns {{text: string, href: string | null}[]}
 */
export function pieces(text) {
  /** @type {{text: string, href: string | null}[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimmedLink(match[0]);
    if (!URL.canParse(link)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), href: null });
    found.push({ text: link, href: link });
    end = match.index + link.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), href: null });
  return found;
}

/** @param {string} link */
function trimmedLink(link) {
  let kept = link.replace(/[.,;:!?*_~]+$/u, '');
  while (kept.endsWith(')') && count(kept, ')') > count(kept, '(')) kept = kept.slice(0, -1);
  return kept;
}

/** @param {string} text @param {string} char */
function count(text, char) {
  return text.split(char).length - 1;
}

const ONE = '\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\u{FE0F}]*';
const EMOJI = new RegExp(`^(?:${ONE}(?:\\u{200D}${ONE})*\\s*){1,3}$`, 'u');

/** @param {string} text @returns {boolean} one to three emoji and nothing else */
export function onlyEmoji(text) {
  return EMOJI.test(text);
}

/** @param {string} name @returns {string} one or two letters that stand for a person */
export function initials(name) {
  const words = name.split(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/u).filter(Boolean);
  const first = [...(words[0] ?? '?')][0];
  const second = words.length > 1 ? [...words[words.length - 1]][0] : '';
  return (first + second).toLocaleUpperCase();
}

/** How many colours the style sheet has for people. */
export const TINTS = 10;

/** @param {string} who @returns {number} always the same colour for the same name */
export function tint(who) {
  // FNV-1a, then stirred: short names differ in few bits, their colours should not.
  let hash = 0x811c9dc5;
  for (const char of who) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % TINTS;
}

/**
 * @param {string[]} names
 * @param {number} [most] how many are named; the rest are counted
 * @returns {string} "Ann", "Ann and Bob", "Ann, Bob, Cy and 4 others"
 */
export function listed(names, most = 3) {
  if (names.length > most + 1) {
    return `${names.slice(0, most).join(', ')} and ${names.length - most} others`;
  }
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** @param {number} bytes @returns {string} */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
