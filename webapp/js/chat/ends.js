// @ts-check

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
 * The end of a connection, for people.
 *
 * @param {number} code @param {string} [reason] the server's own words
 */
export function spoken(code, reason = '') {
  const words = SPOKEN[code] ?? 'The connection was closed.';
  return reason ? `${words} (${reason})` : words;
}
