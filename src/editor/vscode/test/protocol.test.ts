// The protocol that the extension relies on, with the real server.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import * as path from 'node:path';
import test, {after, before} from 'node:test';
import {
  CodeActionRequest, DidChangeConfigurationNotification, DocumentFormattingRequest, HoverRequest,
  SemanticTokensRequest, type CodeAction, type InitializeResult, type SemanticTokensLegend, type TextEdit,
} from 'vscode-languageserver-protocol/node';
import {scopes, type TokenClass} from '../src/grammar';
import {apply, place, Server, textAt} from './server';
import {manifest} from './support';

const folder = mkdtempSync(path.join(tmpdir(), 'evcalc-'));
const calc = `file://${folder}/rules/a.calc`;
const json = `file://${folder}/n.json`;
const type = 'configuration.commitment.created';
let server: Server;
let capabilities: InitializeResult['capabilities'];

before(async () => {
  writeFileSync(path.join(folder, 'fields.json'), '{"events": {"scheduled.mine": {"new.total": "double"}}}');
  server = new Server({eventTypes: {'rules/**/*.calc': type}, eventType: '', fields: [], allow: [], deny: []});
  ({capabilities} = await server.initialize(folder));
});

after(() => { rmSync(folder, {recursive: true}); });

function edits(action: CodeAction, uri: string): TextEdit[] {
  const found = action.edit?.changes?.[uri] ??
    action.edit?.documentChanges?.flatMap((one) => ('edits' in one ? one.edits : []));
  assert.ok(found, JSON.stringify(action));
  return found as TextEdit[];
}

async function actions(uri: string, text: string, piece: string, only?: string[]): Promise<CodeAction[]> {
  const range = {start: place(text, piece), end: place(text, piece, true)};
  const all = await server.diagnostics(uri, () => true);
  const diagnostics = all.filter((d) => textAt(text, d.range) === piece); // as VS Code does
  const answer = await server.connection.sendRequest(CodeActionRequest.type,
    {textDocument: {uri}, range, context: {diagnostics, ...(only ? {only} : {})}});
  return (answer ?? []) as CodeAction[];
}

const written = 'new.amount => 5\nAND new.curency == "𝄞" AND Math.rond(new.amount) > 1 && true';

void test('diagnostics of a calculation, in UTF-16', async () => {
  await server.open(calc, 'm3ter-calculation', written);
  const found = await server.diagnostics(calc, (list) => list.length > 0);
  const told = found.filter((d) => d.severity === 1).map((d) => `${String(d.code)} ${textAt(written, d.range)}`);
  assert.deepEqual(told, [
    'undocumented-operator =>', 'unknown-field new.curency', 'unknown-function Math.rond', 'undocumented-operator &&']);
  assert.ok(found.every((d) => d.source === 'evcalc'));
});

void test('a code action for each fix, and one for all', async () => {
  const [fix] = await actions(calc, written, 'new.curency', ['quickfix']);
  assert.ok(fix, 'a fix');
  assert.equal(fix.kind, 'quickfix');
  assert.equal(apply(written, edits(fix, calc)), written.replace('curency', 'currency'));
  const [all] = await actions(calc, written, 'new.curency', ['source.fixAll']);
  assert.ok(all);
  assert.ok(all.kind?.startsWith('source.fixAll'));
  assert.equal(apply(written, edits(all, calc)), written.replace('=>', '>=').replace('&&', 'AND'));
});

void test('completion where something is being typed', async () => {
  const text = 'new.amountSp';
  await server.change(calc, 2, text);
  const items = await server.complete(calc, {line: 0, character: text.length});
  const item = items.find((one) => one.label === 'new.amountSpent');
  assert.ok(item?.textEdit, JSON.stringify(items.slice(0, 3)));
  const {newText} = item.textEdit;
  const range = 'range' in item.textEdit ? item.textEdit.range : item.textEdit.replace;
  assert.equal(apply(text, [{newText, range}]), 'new.amountSpent');
  assert.equal(item.detail, 'Number');
});

void test('hover tells the type and where it is known from', async () => {
  await server.change(calc, 3, 'new.amount > 5');
  const hover = await server.connection.sendRequest(HoverRequest.type, {textDocument: {uri: calc}, position: {line: 0, character: 5}});
  assert.match(JSON.stringify(hover?.contents), /Number.*published/s);
});

void test('inside a Notification everything goes through the escapes of JSON', async () => {
  const notification = `{"eventName": "${type}", "name": "\\u00e9𝄞", "calculation": "new.currency == \\"\\uD834\\uDD1E𝄞\\"\\n AND new.amonut > 5"}`;
  await server.open(json, 'json', notification);
  const found = await server.diagnostics(json, (list) => list.some((d) => d.code === 'unknown-field'));
  assert.deepEqual(found.filter((d) => d.severity === 1).map((d) => textAt(notification, d.range)), ['new.amonut']);
  const [fix] = await actions(json, notification, 'new.amonut', ['quickfix']);
  assert.equal(apply(notification, edits(fix!, json)), notification.replace('amonut', 'amount'));
  const laidOut = await server.connection.sendRequest(DocumentFormattingRequest.type,
    {textDocument: {uri: json}, options: {tabSize: 2, insertSpaces: true}});
  const after = JSON.parse(apply(notification, laidOut ?? [])) as {calculation: string; name: string};
  assert.equal(after.calculation, 'new.currency == "𝄞𝄞" AND new.amonut > 5');
  assert.equal(after.name, 'é𝄞');
});

void test('semantic tokens have the scopes of the first paint', async () => {
  const legend = capabilities.semanticTokensProvider?.legend as SemanticTokensLegend;
  const text = 'isnull(new.a, 5) == Math.PI AND "a\\n" != null';
  const expected: [string, TokenClass][] = [
    ['isnull', 'function'], ['new.a', 'field'], ['5', 'number'], ['==', 'operator'], ['Math.PI', 'variable'],
    ['AND', 'keyword'], ['"a', 'string'], ['\\n', 'escape'], ['null', 'constant']];
  await server.change(calc, 4, text);
  const answer = await server.connection.sendRequest(SemanticTokensRequest.type, {textDocument: {uri: calc}});
  const data = answer?.data ?? [], seen = new Map<string, string>();
  for (let i = 0, at = 0; i < data.length; i += 5) {
    at += data[i + 1]!;
    const modifiers = legend.tokenModifiers.filter((_, bit) => data[i + 4]! & (1 << bit));
    seen.set(text.slice(at, at + data[i + 2]!), [legend.tokenTypes[data[i + 3]!], ...modifiers].join('.'));
  }
  for (const piece of '(,)') assert.ok(!seen.has(piece), `${piece} is ${seen.get(piece)}`);
  for (const {scopes: contributed} of manifest().contributes.semanticTokenScopes)
    for (const [piece, kind] of expected)
      assert.deepEqual(contributed[seen.get(piece)!], [scopes[kind]], `${piece} is ${seen.get(piece)}`);
});

void test('settings are asked for again when they have changed', async () => {
  await server.change(calc, 5, 'new.total > 5');
  await server.diagnostics(calc, (list) => list[0]?.code === 'unknown-field');
  assert.ok(server.registered.includes('workspace/didChangeConfiguration'), server.registered.join());
  server.settings = {eventTypes: {'**/*.calc': 'scheduled.mine'}, fields: ['fields.json'], path: 'evcalc', trace: {server: 'off'}};
  await server.connection.sendNotification(DidChangeConfigurationNotification.type, {settings: null});
  await server.diagnostics(calc, (list) => list.length === 0);
});

void test('it ends well', async () => {
  assert.equal(await server.end(), 0);
});
