// Builds what VS Code loads into dist/: the extension in one file and the grammars. With --tests,
// also the tests into out/.
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import esbuild from 'esbuild';

const common = {bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning'};

await rm('dist', {recursive: true, force: true});
await mkdir('dist');
await esbuild.build({
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  external: ['vscode'],
  minify: true,
  legalComments: 'eof',
});

await esbuild.build({...common, entryPoints: ['src/grammar.ts'], outfile: 'out/grammar.js'});
const {calculation, notification} = createRequire(import.meta.url)('./out/grammar.js');
await writeFile('dist/calculation.tmLanguage.json', JSON.stringify(calculation, null, 1));
await writeFile('dist/notification.tmLanguage.json', JSON.stringify(notification, null, 1));

if (process.argv.includes('--tests')) {
  await esbuild.build({
    ...common,
    entryPoints: readdirSync('test').filter((f) => f.endsWith('.test.ts')).map((f) => 'test/' + f),
    outdir: 'out/test',
    packages: 'external',
    alias: {vscode: './test/stub/vscode.ts', 'vscode-languageclient/node': './test/stub/client.ts'},
    sourcemap: 'inline',
  });
}
