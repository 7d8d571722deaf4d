// @ts-check

/**
 * What the end of a connection asks of us: not to come back, to come back with new credentials, at
 * once, not soon, or with the usual backoff.
 *
 * @typedef {'stop' | 'credentials' | 'now' | 'slowly' | 'retry'} Action
 * @typedef {{code?: number, reason?: string, reconnect?: boolean, after?: number}} Bye
 */

/** The least wait in ms after a close that asks us to back off. */
export const SLOW_FLOOR = 2_000;

const NEVER = [1000, 1002, 1003, 1007, 1008, 1009, 1011];

/**
 * Judges a close by its code and by the `bye` that came before it.
 *
 * @param {number} code 1006 when no close frame came
 * @param {string} reason
 * @param {Bye | null} bye
 * @returns {{action: Action, code: number, reason: string, floor: number}} floor in ms
 */
export function verdict(code, reason, bye) {
  const told = (code === 1006 || code === 1005) && bye?.code ? bye.code : code;
  let action = actionFor(told);
  if (bye?.reconnect === false && action !== 'credentials') action = 'stop';
  if (bye?.reconnect === true && action === 'stop') action = 'retry';
  return {
    action,
    code: told,
    reason: bye?.reason || reason,
    floor: Math.max(action === 'slowly' ? SLOW_FLOOR : 0, Number(bye?.after) || 0),
  };
}

/** @param {number} code @returns {Action} */
function actionFor(code) {
  if (NEVER.includes(code)) return 'stop';
  if (code === 1001) return 'now';
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
