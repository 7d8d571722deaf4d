// @ts-check

const address = process.env.SWITCHBOARD_URL;
if (!address) throw new Error('SWITCHBOARD_URL must name a running server, with a / at its end');
const apiKey = process.env.SWITCHBOARD_API_KEY;
if (!apiKey) throw new Error('SWITCHBOARD_API_KEY must be the key of that server');

/** The server that the tests were given. */
export const base = new URL(address);

const run = Math.random().toString(36).slice(2, 8);

/** A room that no other test uses. @param {string} name */
export const room = (name) => `${name}-${run}`;

/**
 * Asks the server API.
 *
 * @param {string} path @param {unknown} body @param {URL} [server]
 * @returns {Promise<any>}
 */
export async function api(path, body, server = base) {
  const answer = await fetch(new URL(`api/${path}`, server), {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** @param {string} name of a room @param {unknown} data @param {URL} [server] */
export const publish = (name, data, server) =>
  api('publish', { channel: `room:${name}`, data }, server);

/** Many texts at once, in this order. @param {string} name @param {string[]} texts @param {URL} [server] */
export const publishAll = (name, texts, server) =>
  api(
    'publish',
    texts.map((text) => ({ channel: `room:${name}`, data: { text } })),
    server,
  );

/** @param {string} word @param {number} count @param {number} [from] */
export const numbered = (word, count, from = 1) =>
  Array.from({ length: count }, (_, i) => `${word} ${i + from}`);
