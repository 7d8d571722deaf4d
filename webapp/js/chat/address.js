// @ts-check

/** @typedef {import('../switchboard/index.js').TransportName} TransportName */

/** The transports by their names: what people call them, and where there is little room. */
export const TRANSPORTS = /** @type {Record<string, [string, string]>} */ ({
  websocket: ['WebSocket', 'WS'],
  sse: ['Server-Sent Events', 'SSE'],
  longpoll: ['Long polling', 'Long poll'],
  polling: ['Polling', 'Poll'],
});

/**
 * @param {string} page the address of this page
 * @returns {string} the endpoint next to it, whatever path the application is deployed at
 */
export function chatUrl(page) {
  return new URL('chat', page).href;
}

/**
 * The room an address asks for: `?room=x` or `#x`; the hash wins because the page itself writes it.
 *
 * @param {string} page
 * @returns {string | null}
 */
export function roomFrom(page) {
  const url = new URL(page);
  return roomName(decoded(url.hash.slice(1))) ?? roomName(url.searchParams.get('room') ?? '');
}

/**
 * The transport an address asks for, `?transport=sse`, to look at that one alone.
 *
 * @param {string} page
 * @returns {TransportName | null} null for the usual, all of them
 */
export function transportFrom(page) {
  const name = new URL(page).searchParams.get('transport');
  if (name === null || !Object.hasOwn(TRANSPORTS, name)) return null;
  return /** @type {TransportName} */ (name);
}

/** @param {string} page @param {string} room @returns {string} a link that opens the room */
export function linkTo(page, room) {
  const url = new URL(page);
  const transport = transportFrom(page);
  url.search = transport === null ? '' : `?transport=${transport}`;
  url.hash = encodeURIComponent(room);
  return url.href;
}

/**
 * @param {string} typed
 * @returns {string | null} the name of the room meant, or null when it names none
 */
export function roomName(typed) {
  const name = typed.trim().replace(/^#/, '').trim();
  // The channel is "room:" + name in at most 255 bytes, without control characters.
  const tooLong = new TextEncoder().encode(name).length > 250;
  return name === '' || tooLong || /\p{Cc}/u.test(name) ? null : name;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
