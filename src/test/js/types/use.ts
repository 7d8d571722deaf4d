// Uses the client as an application does; it is compiled and never run.
import {
  Switchboard,
  SwitchboardError,
  websocket,
  type Publication,
  type Published,
  type State,
} from '../../../../webapp/js/switchboard/index.js';

const board = new Switchboard(() => Promise.resolve('/chat?ticket=t'), {
  token: async (why) => (why === 'refused' ? null : 'a-token'),
  transports: [websocket(), 'sse', 'longpoll', 'polling'],
  name: () => 'Ann',
  around: (transport) => ({ ...transport, name: `seen ${transport.name}` }),
  fetch: globalThis.fetch,
  storage: sessionStorage,
  pollInterval: 2000,
  connectTimeout: 5000,
  climbAfter: 60_000,
  rememberFor: 86_400_000,
});
// @ts-expect-error no such transport
new Switchboard('/chat', { transports: ['pigeon'] });
board.addEventListener('transport', ({ detail }) => {
  console.log(detail.from?.length, detail.to.length);
});
board.addEventListener('state', ({ detail }: CustomEvent<State>) => {
  if (detail.kind === 'waiting') console.log(detail.until - Date.now(), detail.reason);
  // @ts-expect-error only a wait has an end
  else console.log(detail.until);
});
const lobby = board.subscribe('room:lobby', { presence: true });
lobby.addEventListener('publication', (event) => {
  const publication: Publication = event.detail;
  if (publication.data instanceof Uint8Array) console.log(publication.data.byteLength);
});
lobby.addEventListener('reload', ({ detail }) => console.log(detail.epoch, detail.offset));
lobby.addEventListener('gap', ({ detail }) => console.log(detail.from, detail.to));
lobby.addEventListener('left', ({ detail }) => console.log(detail.user, detail.sessions === 0));

export async function main(): Promise<void> {
  const published: Published = await board.publish('room:lobby', new Uint8Array(3), { key: 'k' });
  if (published.offset !== undefined) lobby.ack(published.offset);
  const history = await lobby.history({ since: lobby.position ?? undefined, limit: 50 });
  for (const { offset } of history.publications) console.log(offset.toFixed(0));
  for await (const { data, user } of lobby) console.log(data, user);
  for await (const event of lobby.events()) {
    if (event.type === 'ended') console.log(event.detail.error?.code);
  }
  try {
    await lobby.publish({ text: 'hi' }, { ephemeral: true });
  } catch (error) {
    if (error instanceof SwitchboardError && error.retry) console.log(error.code);
  }
  // @ts-expect-error a channel is a string
  board.subscribe(1);
  // @ts-expect-error there is no such event
  lobby.addEventListener('gap', ({ detail }) => console.log(detail.text));
  lobby.unsubscribe();
  board.close();
}
