// @ts-check
// `write.js PAGE FOLDER WAR`: puts the tables of the runs whose JSON is in FOLDER between the marks of PAGE.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { grid } from './report.js';

/** @typedef {{statusLine: string, rows: import('./report.js').Row[]}} Run */

const [page, folder, war] = process.argv.slice(2);
/** @param {string} name @returns {Run} */
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
const embedded = execFileSync('unzip', ['-l', war], { encoding: 'utf8' }).match(/tomcat-embed-core-(.*)\.jar/)?.[1];
const glassfish = readFileSync('pom.xml', 'utf8').match(/distributions:glassfish:(7[^:]*):zip/)?.[1];

/** @type {[string, Run][]} */
const runs = [
  [`Tomcat ${embedded} (\`java -jar\`)`, read('tomcat')],
  [`GlassFish ${glassfish}`, read('glassfish')],
];
const header = ['client', 'version', ...runs.map(([name]) => `${name}: \`chat\`, \`superchat\``), 'what is to be known'];
const lines = runs[0][1].rows.map(({ client, version }) => {
  const rows = runs.map(([, run]) => run.rows.find((row) => row.client === client));
  const notes = new Set(rows.flatMap((row) => row?.notes ?? []).filter((n) => n !== 'shows Pings'));
  return [client, version, ...rows.map((row) => `${row?.chat}, ${row?.superchat}`), [...notes].join('; ')];
});
const [begin, end] = ['<!-- table -->', '<!-- end of table -->'];
const text = readFileSync(page, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${page} has no ${begin} … ${end}`);
writeFileSync(
  page,
  `${text.slice(0, from + begin.length)}\n${grid([header, ...lines])}\n\n` +
    `The status line of the 101 is ${runs.map(([name, run]) => `\`${run.statusLine.trimEnd()}\` from ${name}`).join(', ')}.\n` +
    text.slice(to),
);
