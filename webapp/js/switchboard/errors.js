// @ts-check

/**
 * Why something did not happen. `code` is one of the server's error codes, or one of the client's:
 *
 * - `closed`: this client was closed, or has ended and does not come back by itself
 * - `offline`: not online, and it is not worth keeping (ephemeral), or the queue is full
 * - `outcome-unknown`: it was sent and the connection was cut before the answer; it may have
 *   happened, and to repeat it could be a double
 * - `slow-consumer`: an iterator was left unread for too long
 */
export class SwitchboardError extends Error {
  /** @param {string} code @param {string} message @param {boolean} [retry] may it work later */
  constructor(code, message, retry = false) {
    super(message);
    this.name = 'SwitchboardError';
    this.code = code;
    this.retry = retry;
  }
}
