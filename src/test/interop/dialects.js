// @ts-check
// What chat and superchat say, for the conversation of talk.js.

/** @typedef {import('./peer.js').Peer} Peer */
/** @typedef {{number: number, text?: string, bytes?: string}} Heard what came of the channel; bytes in hex */

/**
 * One client's side of a conversation.
 * @typedef {{
 *   peer: Peer,
 *   enter(name: string): Promise<void>,
 *   say(text: string): void,
 *   sayBytes?(hex: string): void,
 *   hear(): Promise<Heard>,
 *   provoke(): void,
 *   provokes: number,
 * }} Side
 */

/** @param {string} text */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`not JSON: ${text.slice(0, 100)}`);
  }
}

/** @param {any} message @param {string} type */
function must(message, type) {
  if (message.type !== type) throw new Error(`${JSON.stringify(message).slice(0, 300)} instead of ${type}`);
  return message;
}

/** @param {Peer} peer @param {string} room @returns {Side} */
export function chat(peer, room) {
  const tell = (/** @type {object} */ command) => peer.tell(`text ${JSON.stringify(command)}`);
  return {
    peer,
    provokes: 1003,
    async enter(name) {
      const { heartbeat } = must(json(await peer.expect('text')), 'welcome');
      if (!(heartbeat > 0)) throw new Error(`heartbeat is ${heartbeat}`);
      tell({ type: 'join', room, name });
      let message = json(await peer.expect('text'));
      while (must(message, 'joined').name !== name) message = json(await peer.expect('text'));
    },
    say: (text) => tell({ type: 'say', room, text }),
    async hear() {
      for (;;) {
        const message = json(await peer.expect('text'));
        // Others come and go, and the past is there for those who come later.
        if (message.type === 'joined' || message.type === 'left' || message.type === 'history') continue;
        const { id, text } = must(message, 'said');
        return { number: id, text };
      }
    },
    provoke: () => peer.tell('binary 00'),
  };
}

/** @param {Peer} peer @param {string} room @returns {Side} */
export function superchat(peer, room) {
  const channel = `room:${room}`;
  let id = 0;
  /** @type {any[]} */
  const batch = [];
  const tell = (/** @type {object} */ command) => peer.tell(`text ${JSON.stringify(command)}`);
  /** The next message that is not the heartbeat's, which is answered. @returns {Promise<any>} */
  const next = async () => {
    for (;;) {
      if (!batch.length) {
        const { word, rest } = await peer.next('a message');
        if (word === 'binary') return publicationOfBytes(rest);
        if (word !== 'text') throw new Error(`${word} ${rest.slice(0, 300)} instead of a message`);
        batch.push(...[json(rest)].flat());
      }
      const message = batch.shift();
      if (message.type !== 'ping') return message;
      tell({ type: 'pong' });
    }
  };
  return {
    peer,
    provokes: 4006,
    async enter(name) {
      tell({ type: 'connect', id: ++id, name, client: 'interop' });
      if (must(await next(), 'connected').re !== id) throw new Error('connected answers something else');
      tell({ type: 'subscribe', id: ++id, channel });
      if (must(await next(), 'subscribed').re !== id) throw new Error('subscribed answers something else');
    },
    say: (text) => tell({ type: 'publish', id: ++id, channel, data: { text } }),
    sayBytes(hex) {
      const header = Buffer.from(JSON.stringify({ type: 'publish', id: ++id, channel }));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(header.length);
      peer.tell(`binary ${Buffer.concat([length, header]).toString('hex')}${hex}`);
    },
    async hear() {
      for (;;) {
        const message = await next();
        if (message.type === 'published') continue;
        const { offset, data, bytes } = must(message, 'publication');
        return { number: offset, text: data?.text, bytes };
      }
    },
    provoke() {
      for (let i = 0; i < 25; i++) peer.tell('text not JSON');
    },
  };
}

/** @param {string} hex */
function publicationOfBytes(hex) {
  const frame = Buffer.from(hex, 'hex');
  const end = 4 + frame.readUInt32BE(0);
  return { ...json(frame.toString('utf8', 4, end)), bytes: frame.toString('hex', end) };
}
