// @ts-check
import { readHandshake } from './handshake.js';

/** How long to wait for the answer, in ms. */
const PATIENCE = 5_000;

/**
 * Asks the server what a handshake of this browser looked like. Only `chat` can tell, and only of
 * its own connection: so one is opened for the question.
 *
 * @param {string} url of the endpoint, with `http:` or `https:`
 * @param {(url: string) => WebSocket} [open]
 * @returns {Promise<import('./handshake.js').Handshake>}
 */
export function askHandshake(url, open = (to) => new WebSocket(to, ['chat'])) {
  return new Promise((resolve, reject) => {
    const socket = open(url.replace(/^http/, 'ws'));
    const timer = setTimeout(() => end(new Error('there was no answer')), PATIENCE);
    const end = (/** @type {Error | import('./handshake.js').Handshake} */ outcome) => {
      clearTimeout(timer);
      socket.close();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    socket.onopen = () => socket.send('{"type":"handshake"}');
    socket.onclose = () => end(new Error('no WebSocket could be opened'));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === 'handshake') {
        end(readHandshake(message) ?? new Error('the answer lacks what was asked for'));
      } else if (message.type === 'error') end(new Error(String(message.message)));
    };
  });
}
