// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Switchboard } from '../../../webapp/js/switchboard/index.js';
import { direct, proxies, refusing } from './targets.js';

/** @typedef {import('./socket.js').Target} Target */

/** @type {Switchboard[]} */
const clients = [];
after(() => clients.forEach((client) => client.close()));

/** @param {Target} target */
function client({ port }) {
  const made = new Switchboard(`http://127.0.0.1:${port}/chat`);
  clients.push(made);
  return made;
}

/** @param {Switchboard} one */
const transport = ({ state }) => (state.kind === 'online' ? state.transport : state.kind);

/**
 * Two clients hear what each of them publishes, once and in order.
 *
 * @param {Switchboard} one
 * @param {Switchboard} other
 * @param {string} name
 */
async function talk(one, other, name) {
  const channel = `room:${name}-${process.pid}`;
  const subscriptions = [one, other].map((each) => each.subscribe(channel));
  await Promise.all(
    subscriptions.map((each) => new Promise((resolve) => each.addEventListener('subscribed', resolve))),
  );
  const heard = subscriptions.map(async (subscription) => {
    const data = [];
    for await (const publication of subscription) {
      if (data.push(publication.data) === 4) break;
    }
    return data;
  });
  for (const [who, text] of /** @type {[Switchboard, string][]} */ ([
    [one, 'a'],
    [other, 'b'],
    [one, 'c'],
    [other, 'd'],
  ])) {
    await who.publish(channel, text);
  }
  assert.deepEqual(await Promise.all(heard), [
    ['a', 'b', 'c', 'd'],
    ['a', 'b', 'c', 'd'],
  ]);
}

test('behind a proxy that hands on no upgrade the client goes on over Server-Sent Events', async () => {
  const ann = client(refusing());
  const bob = client(direct);
  await talk(ann, bob, 'refusing');
  assert.deepEqual([transport(ann), transport(bob)], ['sse', 'websocket']);
});

for (const { name, plain } of proxies) {
  test(`behind ${name} the client uses a WebSocket`, async () => {
    const ann = client(plain);
    await talk(ann, client(direct), name);
    assert.equal(transport(ann), 'websocket');
  });
}
