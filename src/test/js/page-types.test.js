import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = fileURLToPath(new URL('../../../webapp/js/', import.meta.url));
const PAGES = ['chat/', 'admin/'];
if (!existsSync(`${here}node_modules/typescript`)) {
  execFileSync('npm', ['ci', '--silent', '--no-audit', '--no-fund'], { cwd: here });
}
const ts = createRequire(import.meta.url)('typescript');
const modules = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.js') && PAGES.some((page) => file.startsWith(page)));

test('the pages hold to its JSDoc types and to those of the client, strictly', () => {
  const program = ts.createProgram(
    modules.map((file) => folder + file),
    {
      strict: true,
      noEmit: true,
      allowJs: true,
      checkJs: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
    },
  );
  const ours = ts
    .getPreEmitDiagnostics(program)
    .filter((/** @type {any} */ found) => !found.file?.fileName.includes('/vendor/'));
  const complaints = ts.formatDiagnostics(ours, {
    getCurrentDirectory: () => here,
    getCanonicalFileName: (/** @type {string} */ name) => name,
    getNewLine: () => '\n',
  });
  assert.equal(complaints, '');
});

test('every module says that it is checked, and only the views know the page', () => {
  for (const file of modules) {
    const text = readFileSync(folder + file, 'utf8');
    assert.ok(text.startsWith('// @ts-check\n'), file);
    if (/\/(main\.js$|view\/)/.test(file)) continue;
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, /\b(document|window|location|localStorage)\b/, file);
  }
});

for (const [folderOf, page] of [['chat/', 'index.html'], ['admin/', 'admin.html']]) {
  test(`every id that the views of ${folderOf} look for is in ${page}`, () => {
    const html = readFileSync(new URL(`../../../webapp/${page}`, import.meta.url), 'utf8');
    const ids = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]));
    assert.equal(ids.size, [...html.matchAll(/\bid="/g)].length, 'none twice');
    for (const file of modules.filter((module) => module.startsWith(folderOf))) {
      const uses = readFileSync(folder + file, 'utf8').matchAll(/\b(?:byId|field)\('([^']+)'\)/g);
      for (const [, id] of uses) assert.ok(ids.has(id), `${file}: #${id}`);
    }
  });
}
