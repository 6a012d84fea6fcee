// What VS Code loads, dist/extension.js with the real language client in it: the server that it
// starts is asked to initialize, with no argument but lsp. VS Code itself is only hinted at.
import assert from 'node:assert/strict';
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import Module from 'node:module';
import {tmpdir} from 'node:os';
import * as path from 'node:path';
import test from 'node:test';
import {folders} from './support';

/** Something that may be called, constructed, extended, and asked for anything. */
function anything(known: object = {}): object {
  const base = function (): void { /* nothing */ };
  return new Proxy(base, {
    get(target, key): unknown {
      if (key in known) return (known as Record<PropertyKey, unknown>)[key];
      if (key === 'prototype') return target.prototype as unknown;
      if (typeof key === 'symbol' || key === 'then') return undefined;
      return anything();
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

void test('the server is started with lsp and asked to initialize', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evcalc-'));
  t.after(() => { rmSync(folder, {recursive: true, maxRetries: 5}); });
  const evcalc = path.join(folder, 'evcalc');
  writeFileSync(evcalc, `#!/bin/sh
[ "$1" = help ] && exit 0
echo "$@" > ${folder}/arguments
head -c 200 > ${folder}/input
`);
  chmodSync(evcalc, 0o755);
  // As a prototype: the bundle copies what is a module's own.
  const vscode = Object.create(anything({
    version: '1.91.0',
    workspace: anything({
      workspaceFolders: undefined,
      textDocuments: [],
      notebookDocuments: [],
      getConfiguration: () => ({get: (name: string, otherwise: unknown) => (name === 'path' ? evcalc : otherwise)}),
    }),
  })) as object;
  const loader = Module as unknown as {_load: (...args: unknown[]) => unknown};
  const load = loader._load;
  t.after(() => { loader._load = load; });
  loader._load = (...args) => (args[0] === 'vscode' ? vscode : load(...args));
  const extension = Module.createRequire(__filename)(path.join(folders.extension, 'dist/extension.js')) as
    {activate(context: {subscriptions: unknown[]}): Promise<void>};
  await extension.activate({subscriptions: []});
  assert.equal(readFileSync(path.join(folder, 'arguments'), 'utf8'), 'lsp\n');
  assert.match(readFileSync(path.join(folder, 'input'), 'utf8'), /^Content-Length: \d+\r\n\r\n\{.*"method":"initialize"/s);
});
