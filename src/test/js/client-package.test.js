import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = new URL('../../../webapp/js/switchboard/', import.meta.url);
if (!existsSync(`${here}node_modules/esbuild`)) {
  execFileSync('npm', ['ci', '--silent', '--no-audit', '--no-fund'], { cwd: here });
}
const require = createRequire(import.meta.url);
const ts = require('typescript');
const esbuild = require('esbuild');
/** In bytes, of all modules gzipped one by one. */
const SERVED = 21.5 * 1024;
const modules = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.js'));

/** @param {string[]} files @param {object} more */
function complaints(files, more) {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    ...more,
  });
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    getCurrentDirectory: () => here,
    getCanonicalFileName: (/** @type {string} */ name) => name,
    getNewLine: () => '\n',
  });
}

test('an application in strict TypeScript compiles against the declarations', () => {
  assert.equal(complaints([`${here}types/use.ts`], {}), '');
});

test('the modules hold to their own JSDoc types, strictly', () => {
  const files = modules.map((file) => fileURLToPath(new URL(file, folder)));
  assert.equal(
    complaints(files, {
      allowJs: true,
      checkJs: true,
      lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    }),
    '',
  );
});

test('everything that is declared is exported, and the other way round', async () => {
  const declared = [
    ...readFileSync(new URL('index.d.ts', folder), 'utf8').matchAll(
      /^export (?:class|function) (\w+)/gm,
    ),
  ].map((match) => match[1]);
  const exported = Object.keys(await import(new URL('index.js', folder).href));
  // A subscription is only made by `subscribe`.
  assert.deepEqual(declared.filter((name) => name !== 'Subscription').sort(), exported.sort());
});

/** @param {string | Uint8Array} data */
const zipped = (data) => gzipSync(data, { level: 9 }).length;

test('minified and gzipped, as bundlers make it, the client is less than 12 KB', async (t) => {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('index.js', folder))],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const size = zipped(outputFiles[0].contents);
  t.diagnostic(`${size} bytes in one minified file`);
  assert.ok(size < 12 * 1024, `${size} bytes`);
});

test('as they are served, comments and all, the modules do not grow unseen', (t) => {
  const texts = modules.map((file) => readFileSync(new URL(file, folder)));
  const sizes = texts.map(zipped);
  modules.forEach((file, i) => t.diagnostic(`${file}: ${sizes[i]}`));
  const sum = sizes.reduce((all, one) => all + one, 0);
  t.diagnostic(`${sum} bytes in ${modules.length} files, ${zipped(Buffer.concat(texts))} as one`);
  assert.ok(sum < SERVED, `${sum} bytes`);
});

test('there is nothing to install and nothing to build', () => {
  const about = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  assert.equal(about.dependencies, undefined);
  assert.equal(about.type, 'module');
  for (const file of modules) {
    const imports = readFileSync(new URL(file, folder), 'utf8').matchAll(
      /^(?:import|export).* from '([^']*)'/gm,
    );
    for (const [, from] of imports) assert.match(from, /^\.\.?\/.*\.js$/, file);
  }
});
