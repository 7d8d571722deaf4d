import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANNEL, settled, whole } from './client-fake-server.js';
import { heard, seeded } from './client-fakes.js';

const WAYS = {
  sse: ['sse'],
  longpoll: ['longpoll'],
  polling: ['polling'],
  'transports that come and go': ['websocket', 'sse', 'longpoll', 'polling'],
};

/** Publishes from both sides through a bad network, then a good one. */
async function through(transports, guests, seed) {
  const random = seeded(seed * 7919);
  for (let i = 0; i < 5; i += 1) random();
  const pick = (n) => Math.floor(random() * n);
  const chance = (percent) => random() * 100 < percent;
  let bad = 12;
  const blocked = { websocket: false, events: false };
  const c = await whole({
    transports,
    random: seeded(seed),
    climbAfter: 4_000,
    server: {
      guests,
      limit: chance(50) ? 65_536 : 1500,
      upgrade: () => (blocked.websocket ? (chance(50) ? 'refused' : 'hangs') : 'opens'),
      fate: ({ path }) => {
        if (blocked.events && path.endsWith('/events')) return chance(50) ? 'held' : 'refused';
        if (chance(bad)) return ['refused', 'lost', 'lost', { status: 502 }][pick(4)];
        return chance(bad / 10) ? 'hangs' : undefined;
      },
    },
  });
  const room = c.board.subscribe(CHANNEL);
  const events = heard(room);
  const results = [];
  let cuts = 0;
  for (let step = 0; step < 100; step += 1) {
    const dice = pick(100);
    if (dice < 25) c.server.publish({ data: `s${step}` });
    else if (dice < 50) {
      const result = { data: `c${step}`, outcome: 'pending' };
      results.push(result);
      c.board.publish(CHANNEL, result.data).then(
        ({ offset, epoch }) => (result.outcome = { offset, epoch }),
        (error) => (result.outcome = error.code),
      );
    } else if (dice < 62) {
      cuts += 1;
      c.server.cutRequests([undefined, 'id: 9', 'id: 1\ndata: {"ty', ': '][pick(4)]);
      if (chance(50)) c.server.cutSockets();
    } else if (dice < 64) {
      cuts += 1;
      c.server.dies();
    } else if (dice < 68) blocked.websocket = chance(50);
    else if (dice < 70) blocked.events = chance(50);
    if (chance(60)) c.clock.advance(pick(2500));
    await settled();
  }
  bad = 0;
  Object.assign(blocked, { websocket: false, events: false });
  await c.pass(110_000);
  return { ...c, room, events, results, cuts };
}

for (const [way, transports] of Object.entries(WAYS)) {
  for (const guests of [false, true]) {
    test(`random cuts over ${way}: ${guests ? 'a guest' : 'a user'} hears all once and in order`, async (t) => {
      const seen = { cuts: 0, moves: 0, sessions: 0, unknown: 0, told: 0, published: 0 };
      for (let seed = 1; seed <= 12; seed += 1) {
        const c = await through(transports, guests, seed);
        assert.equal(c.board.state.kind, 'online', `seed ${seed}`);
        let at = null;
        for (const [type, detail] of c.events) {
          if (type === 'subscribed' && detail.recovered === undefined) at = detail.offset;
          assert.ok(type !== 'gap' && type !== 'reload', `seed ${seed}: ${type}`);
          if (type === 'publication') {
            assert.equal(detail.offset, (at += 1), `seed ${seed}`);
            assert.equal(detail.data, c.server.log[at - 1].data);
            seen.told += 1;
          }
        }
        assert.equal(at, c.server.log.length, `seed ${seed}: up to the end`);
        assert.deepEqual(c.room.position, c.server.position, `seed ${seed}`);
        for (const { data, outcome } of c.results) {
          const places = c.server.log.filter((one) => one.data === data);
          assert.ok(places.length <= 1, `seed ${seed}: ${data} is there ${places.length} times`);
          if (guests && outcome === 'outcome-unknown') seen.unknown += 1;
          else assert.equal(places[0]?.offset, outcome.offset, `seed ${seed}: ${data} ${outcome}`);
        }
        assert.equal(c.server.sessions.size, 1, `seed ${seed}: no session is left behind`);
        seen.cuts += c.cuts;
        seen.moves += c.moves.length;
        seen.sessions += c.server.opened;
        seen.published += c.results.length;
        c.board.close();
      }
      t.diagnostic(JSON.stringify(seen));
      assert.ok(seen.cuts > 120 && seen.told > 400 && seen.published > 250, 'much happened');
      if (transports.length > 1) assert.ok(seen.moves > 30, 'between transports as well');
    });
  }
}
