// @ts-check
// What the clients in JavaScript share: orders come in as lines, what they see goes out as lines.
import { createInterface } from 'node:readline';

/** @param {string} line */
export function tell(line) {
  process.stdout.write(line + '\n');
}

/**
 * A client: one WebSocket at a time of somebody's library.
 * @typedef {{
 *   open(url: string, subprotocol: string): unknown,
 *   text(message: string): unknown,
 *   binary(message: Buffer): unknown,
 *   close(code: number, reason: string): unknown,
 *   end?(): unknown,
 * }} Client
 */

/** Carries out the orders that come in, in order. @param {Client} client */
export async function obey(client) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, rest] = split(line);
    try {
      if (order === 'open') await client.open(.../** @type {[string, string]} */ (rest.split(' ')));
      else if (order === 'text') await client.text(rest);
      else if (order === 'binary') await client.binary(Buffer.from(rest, 'hex'));
      else if (order === 'close') {
        const [code, reason] = split(rest);
        await client.close(Number(code), reason);
      } else throw new Error(`no order is called ${order}`);
    } catch (e) {
      tell(`error ${String(e).replaceAll('\n', ' ')}`);
    }
  }
  await client.end?.();
  process.exit(0);
}

/** @param {string} line @returns {[string, string]} */
function split(line) {
  const at = line.indexOf(' ');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
