// @ts-check
// How many WebSockets does a proxy hold as it comes? Opens one after the other until none is answered any more.
// Prints a table in Markdown.
import { Socket } from './socket.js';
import { proxies } from './targets.js';

const ENOUGH = 2_000;
const PATIENCE = 20_000;

console.log('| | WebSockets | then |');
console.log('|---|---|---|');
for (const { name, plain } of proxies) {
  let count = 0;
  let then = 'goes on';
  while (count < ENOUGH && then === 'goes on') {
    /** @type {NodeJS.Timeout | undefined} */ let timer;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE, 'does not answer');
    });
    const opened = Socket.open(plain).then(
      () => 'goes on',
      (error) => `answers ${error.status ?? error.message}`,
    );
    then = String(await Promise.race([opened, patience]));
    clearTimeout(timer);
    if (then === 'goes on') count += 1;
  }
  console.log(`| ${name} | ${count} | ${then} |`);
  Socket.destroyAll();
}
process.exit(); // what is not answered still waits
