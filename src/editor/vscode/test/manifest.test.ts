// package.json says what the sources and the compiler's tables say.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import * as path from 'node:path';
import test from 'node:test';
import {activate, deactivate, languageId} from '../src/extension';
import {calculationScope, embeddedScope, notificationScope} from '../src/grammar';
import {state} from './stub/vscode';
import {folders, manifest, program} from './support';

const {contributes, main} = manifest();
const here = (file: string): string => path.join(folders.extension, file);

void test('the warnings of allow and deny are those of evcalc', () => {
  const listed = execFileSync(program('EVCALC'), ['help', 'codes'], {encoding: 'utf8'});
  const codes = [...listed.matchAll(/^ {2}([a-z-]+) /gm)].map((match) => match[1]);
  assert.ok(codes.length > 10);
  const {properties} = contributes.configuration;
  assert.deepEqual(properties['evcalc.allow']?.items?.enum, codes);
  assert.deepEqual(properties['evcalc.deny']?.items?.enum, ['warnings', ...codes]);
});

void test('every command is there, and no other', async () => {
  state.settings['path'] = here('nowhere');
  await activate({subscriptions: []} as never);
  await deactivate();
  const contributed = contributes.commands.map((one) => one.command).sort();
  assert.deepEqual([...state.commands.keys()].sort(), contributed);
  for (const {command} of Object.values(contributes.menus).flat()) assert.ok(contributed.includes(command), command);
});

void test('files, languages and scopes fit together', () => {
  const [language] = contributes.languages;
  assert.equal(language?.id, languageId);
  for (const file of [main, language.configuration, ...contributes.grammars.map((one) => one.path)])
    assert.ok(existsSync(here(file)), file);
  for (const one of contributes.grammars)
    assert.equal((JSON.parse(readFileSync(here(one.path), 'utf8')) as {scopeName: string}).scopeName, one.scopeName);
  assert.deepEqual(contributes.grammars.map((one) => one.scopeName), [calculationScope, notificationScope]);
  assert.deepEqual(contributes.grammars[1]?.embeddedLanguages, {[embeddedScope]: languageId});
});

void test('a word is a whole path', () => {
  const {wordPattern} = JSON.parse(readFileSync(here(contributes.languages[0]!.configuration), 'utf8')) as
    {wordPattern: {pattern: string; flags: string}};
  const words = 'new.amountSpent>=Math.round(new.größe_1*0.95) AND $a'.match(new RegExp(wordPattern.pattern, `g${wordPattern.flags}`));
  assert.deepEqual(words, ['new.amountSpent', 'Math.round', 'new.größe_1', '0.95', 'AND', '$a']);
});
