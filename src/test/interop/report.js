// @ts-check
// The table of talk.js.

/** @typedef {{client: string, version: string, chat: string, superchat: string, notes: string[]}} Row */

/** @param {Row[]} rows */
export function table(rows) {
  return grid([
    ['client', 'version', 'chat', 'superchat', 'notes'],
    ...rows.map((row) => [row.client, row.version, row.chat, row.superchat, row.notes.join('; ')]),
  ]);
}

/** Cells as a Markdown table whose source is straight, too. @param {string[][]} lines */
export function grid(lines) {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const row = (/** @type {string[]} */ line) =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [row(lines[0]), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...lines.slice(1).map(row)].join('\n');
}
