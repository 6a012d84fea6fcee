// The extension with stubs in the place of VS Code and of the language client (test/stub).
import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import * as path from 'node:path';
import test, {afterEach, beforeEach} from 'node:test';
import type {ExtensionContext} from 'vscode';
import {activate, deactivate, languageId} from '../src/extension';
import {CloseAction, LanguageClient} from './stub/client';
import {reset, state, Uri, type Document} from './stub/vscode';

let folder: string;

/** A program with this name that answers as evcalc does. */
function fakeEvcalc(name: string, body = ''): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), {recursive: true});
  writeFileSync(file, `#!/bin/sh\n${body}
case "$1" in
  help) exit 0;;
  --version) echo "evcalc 0.1.0";;
  types) [ "$5" = absent.json ] && { echo "evcalc: absent.json: no such file" >&2; exit 2; }
         echo '{"events": ["billing.bill.created", "scheduled.mine"]}';;
esac
`);
  chmodSync(file, 0o755);
  return file;
}

function document(name: string, language = languageId, scheme = 'file'): Document {
  return {uri: new Uri(scheme, path.join(folder, name)), languageId: language, version: 1};
}

const clients = LanguageClient.made;

async function started(): Promise<LanguageClient> {
  state.settings['path'] ??= fakeEvcalc('evcalc');
  await activate({subscriptions: []} as unknown as ExtensionContext);
  const last = clients.at(-1);
  assert.ok(last, 'a client was made');
  return last;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'evcalc-'));
  reset();
  clients.length = 0;
  LanguageClient.failure = undefined;
  state.folders = [{uri: new Uri('file', folder)}];
});

afterEach(async () => {
  await deactivate();
  rmSync(folder, {recursive: true});
});

void test('starts evcalc lsp with the settings, for calculations and JSON', async () => {
  Object.assign(state.settings, {eventTypes: {'*.calc': 'a'}, eventType: 'b', fields: ['f.json'], allow: ['x'], deny: ['y']});
  const client = await started();
  assert.equal(client.server.command, path.join(folder, 'evcalc'));
  assert.deepEqual(client.server.args, ['lsp']);
  assert.equal(client.server.transport, undefined, 'with one, an argument is added that evcalc need not know');
  assert.deepEqual(client.options.initializationOptions(),
    {eventTypes: {'*.calc': 'a'}, eventType: 'b', fields: ['f.json'], allow: ['x'], deny: ['y']});
  const languages = client.options.documentSelector.map((one) => `${one.language} ${one.scheme}`);
  assert.deepEqual(languages, [`${languageId} file`, `${languageId} untitled`, 'json file']);
});

void test('is a formatter of calculations only, so that JSON keeps its own', async () => {
  const client = await started();
  const selector = client.formatting as {language: string}[];
  assert.deepEqual([...new Set(selector.map((one) => one.language))], [languageId]);
});

void test('says what to do when evcalc is missing and a calculation is open', async () => {
  state.settings['path'] = path.join(folder, 'nowhere');
  state.documents = [document('a.calc')];
  state.answers = ['Open Settings'];
  await activate({subscriptions: []} as unknown as ExtensionContext);
  await new Promise(setImmediate);
  assert.equal(clients.length, 0);
  assert.equal(state.errors.length, 1);
  assert.match(state.errors[0]!, /nowhere, which the setting evcalc\.path names, is not a program\. Install evcalc, or say/);
  assert.deepEqual(state.executed, [['workbench.action.openSettings', 'evcalc.path']]);
});

void test('says nothing while only JSON is open, and once when a calculation is opened', async () => {
  state.settings['path'] = path.join(folder, 'nowhere');
  state.documents = [document('package.json', 'json')];
  await activate({subscriptions: []} as unknown as ExtensionContext);
  assert.deepEqual(state.errors, []);
  for (const name of ['a.calc', 'b.calc']) {
    state.documents.push(document(name));
    state.onOpen.forEach((listener) => { listener(state.documents.at(-1)!); });
    await state.commands.get('evcalc.format')!(); // anything that waits
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(state.errors.length, 1);
});

void test('tries again when asked to', async () => {
  state.settings['path'] = path.join(folder, 'later');
  await activate({subscriptions: []} as unknown as ExtensionContext);
  assert.equal(clients.length, 0);
  fakeEvcalc('later');
  await state.commands.get('evcalc.restart')!();
  assert.deepEqual(clients[0]?.events, ['start']);
});

void test('says that a program is too old, or another one', async () => {
  state.documents = [document('a.calc')];
  state.settings['path'] = fakeEvcalc('old', '[ "$1" = help ] && exit 2');
  await activate({subscriptions: []} as unknown as ExtensionContext);
  assert.match(state.errors.at(-1)!, /old is evcalc 0\.1\.0, which has no language server yet: a newer one is needed/);
  state.settings['path'] = fakeEvcalc('other', 'exit 1');
  await state.commands.get('evcalc.restart')!();
  assert.match(state.errors.at(-1)!, /other is not evcalc\./);
  assert.equal(clients.length, 0);
});

void test('says that the server did not answer', async () => {
  state.documents = [document('a.calc')];
  LanguageClient.failure = new Error('it went away');
  const failed = await started();
  assert.equal(failed.options.errorHandler.closed().action, CloseAction.DoNotRestart);
  assert.match(state.errors.at(-1)!, /lsp did not answer \(it went away\)/);
});

void test('a server that answered and then went away is started again', async () => {
  const client = await started();
  assert.equal(client.options.errorHandler.closed().action, CloseAction.Restart);
});

void test('a new path takes effect, other settings are the server\'s', async () => {
  const client = await started();
  state.onConfiguration.forEach((listener) => { listener({affectsConfiguration: (s) => s === 'evcalc.allow'}); });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(client.events, ['start']);
  state.settings['path'] = fakeEvcalc('new/evcalc');
  state.onConfiguration.forEach((listener) => { listener({affectsConfiguration: (s) => s === 'evcalc.path'}); });
  await deactivate(); // in turn, behind the restart
  assert.deepEqual(client.events, ['start', 'dispose']);
  assert.deepEqual(clients.map((one) => one.server.command), ['evcalc', 'new/evcalc'].map((name) => path.join(folder, name)));
  assert.deepEqual(clients[1]!.events, ['start', 'dispose']);
});

void test('keeps the chosen Event type in the settings', async () => {
  await started();
  state.settings['eventTypes'] = {'old.calc': 'x'};
  state.active = {document: document('rules/[a].calc'), options: {}};
  let types: unknown, scopes: unknown;
  state.picks = [
    (offered) => { types = offered; return 'scheduled.mine'; },
    (offered) => { scopes = offered; return offered[0]; },
  ];
  await state.commands.get('evcalc.pickEventType')!();
  assert.deepEqual(types, ['billing.bill.created', 'scheduled.mine']);
  assert.deepEqual((scopes as {glob: string}[]).map((one) => one.glob), ['rules/[[]a[]].calc', 'rules/**/*.calc', '**/*.calc']);
  assert.deepEqual(state.updated,
    [{name: 'eventTypes', value: {'old.calc': 'x', 'rules/[[]a[]].calc': 'scheduled.mine'}, target: 2}]);
});

void test('keeps nothing when the choice is left', async () => {
  await started();
  state.active = {document: document('a.calc'), options: {}};
  state.picks = [() => undefined];
  await state.commands.get('evcalc.pickEventType')!();
  state.picks = [() => 'scheduled.mine', () => undefined];
  await state.commands.get('evcalc.pickEventType')!();
  assert.deepEqual(state.updated, []);
});

void test('says why there is nothing to choose', async () => {
  await started();
  const cases: [Document | undefined, RegExp][] = [
    [undefined, /Open a calculation/],
    [document('a.json', 'json'), /names its Event type itself/],
    [document('../elsewhere/a.calc'), /open the folder that the calculation is in/],
    [document('a.calc', languageId, 'untitled'), /save it there/],
  ];
  for (const [one, expected] of cases) {
    state.active = one && {document: one, options: {}};
    await state.commands.get('evcalc.pickEventType')!();
    assert.match(state.infos.at(-1)!, expected);
  }
  state.settings['fields'] = ['absent.json'];
  state.active = {document: document('a.calc'), options: {}};
  await state.commands.get('evcalc.pickEventType')!();
  assert.match(state.errors.at(-1)!, /could not list the Event types: evcalc: absent\.json/);
});

void test('formats the calculations of the file in the editor', async () => {
  const client = await started();
  const active = document('n.json', 'json');
  state.active = {document: active, options: {tabSize: 4}};
  await state.commands.get('evcalc.format')!();
  assert.deepEqual(client.requests, [['textDocument/formatting',
    {textDocument: {uri: `file://${active.uri.fsPath}`}, options: {tabSize: 4, insertSpaces: true}}]]);
  assert.equal(state.applied.length, 0);
  client.answer = [{newText: 'x'}];
  await state.commands.get('evcalc.format')!();
  assert.deepEqual(state.applied[0]!.entries, [[active.uri, [{newText: 'x'}]]]);
});

void test('shows its output', async () => {
  await started();
  await state.commands.get('evcalc.showOutput')!();
  assert.deepEqual(state.executed, [['show']]);
});
