// @ts-check

/**
 * What the end of a connection asks of us.
 *
 * - `stop`: do not come back by yourself
 * - `credentials`: come back only with new credentials
 * - `now`: come back at once
 * - `slowly`: come back, but not soon
 * - `retry`: come back with the usual backoff
 *
 * @typedef {'stop' | 'credentials' | 'now' | 'slowly' | 'retry'} Action
 *
 * @typedef {{code?: number, reason?: string, reconnect?: boolean, after?: number}} Bye
 *   the server's own last words before a close; `after` in ms
 *
 * @typedef {{action: Action, code: number, reason: string, floor: number}} Verdict
 */

/** The least wait in ms after a close that asks us to back off. */
export const SLOW_FLOOR = 2_000;

/** @type {Record<number, string>} */
const SPOKEN = {
  1000: 'The server closed the connection.',
  1001: 'The server is going away.',
  1002: 'The server saw a protocol error.',
  1003: 'The server does not take that kind of message.',
  1006: 'The connection broke.',
  1007: 'The server could not read a message.',
  1008: 'The server refused the connection.',
  1009: 'A message was too large for the server.',
  1011: 'The server had an internal error.',
  1012: 'The server is restarting.',
  1013: 'The server is busy.',
  4000: 'The server could not understand this page.',
  4001: 'The server does not know who you are.',
  4002: 'Connecting took too long.',
  4003: 'You may not connect here.',
  4004: 'You were removed by the server.',
  4006: 'The server saw too many errors from this page.',
  4008: 'You connected from somewhere else.',
  4100: 'The server is draining.',
  4101: 'This connection was too slow.',
  4102: 'Too much was sent too fast.',
  4103: 'There are too many connections.',
  4104: 'The server is overloaded.',
  4200: 'The server asked to reconnect.',
  4201: 'Nothing was heard for too long.',
  4202: 'Something was lost on the way.',
  4203: 'The server lost track of this connection.',
  4300: 'Your sign-in has expired.',
  4301: 'Your session has ended.',
};

/**
 * Judges a close by its code and by the `bye` that came before it, if one did.
 *
 * @param {number} code of the close event; 1006 when no close frame came
 * @param {string} [reason] of the close event
 * @param {Bye | null} [bye]
 * @returns {Verdict}
 */
export function verdict(code, reason = '', bye = null) {
  const told = code === 1006 && bye?.code ? bye.code : code;
  let action = actionFor(told);
  if (bye?.reconnect === false && action !== 'credentials') action = 'stop';
  const after = Number(bye?.after);
  return {
    action,
    code: told,
    reason: sentence(told, bye?.reason || reason),
    floor: Math.max(action === 'slowly' ? SLOW_FLOOR : 0, after > 0 ? after : 0),
  };
}

/** @param {number} code @returns {Action} */
function actionFor(code) {
  if (code === 1000 || code === 1008) return 'stop';
  if (code === 1012 || code === 1013) return 'slowly';
  switch (Math.floor(code / 100)) {
    case 40:
      return 'stop';
    case 41:
      return 'slowly';
    case 42:
      return 'now';
    case 43:
      return 'credentials';
    default:
      return 'retry';
  }
}

/** @param {number} code @param {string} reason */
function sentence(code, reason) {
  const spoken = SPOKEN[code] ?? 'The connection was closed.';
  return reason ? `${spoken} (${reason})` : spoken;
}
