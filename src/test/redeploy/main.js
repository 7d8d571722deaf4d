// @ts-check
// What `run` starts: servers one after the other, each redeployed under load. See `run`.
import { parseArgs } from 'node:util';
import { load } from './load.js';
import { servers } from './servers.js';

const {
  values: { log, ...values },
  positionals,
} = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: 'string', default: '500' },
    rate: { type: 'string', default: '200' },
    channels: { type: 'string', default: '50' },
    log: { type: 'boolean', default: false },
  },
});
const shape = Object.fromEntries(
  Object.entries(values).map(([name, text]) => {
    const number = Number(text);
    if (Number.isInteger(number) && number > 0) return [name, number];
    console.error(`--${name}: expected a whole number above 0, got ${text}`);
    process.exit(2);
  }),
);
const unknown = positionals.filter((name) => !(name in servers));
if (unknown.length > 0) {
  console.error(`run: expected ${Object.keys(servers).join(', ')}, got ${unknown.join(' ')}`);
  process.exit(2);
}

let failed = false;
for (const name of positionals.length > 0 ? positionals : Object.keys(servers)) {
  const server = servers[name]();
  try {
    await server.start();
    const seen = await load(server, /** @type {any} */ (shape));
    console.log(`${name}: ${server.what}`);
    for (const [what, value] of Object.entries(seen)) console.log(`  ${what.padEnd(28)} ${value}`);
    if (log) console.log(server.log());
    if (seen.lost || seen.doubled || seen.reloads || seen['missing clients']) failed = true;
  } catch (failure) {
    console.error(`${name}:`, failure, `\n${server.log().slice(-6000)}`);
    failed = true;
  } finally {
    await server.stop();
  }
}
console.log(failed ? 'FAILED' : 'nothing lost, nothing doubled');
process.exit(failed ? 1 : 0);
