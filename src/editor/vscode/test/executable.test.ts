// Where evcalc is looked for.
import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import * as path from 'node:path';
import test, {after} from 'node:test';
import {listEventTypes} from '../src/eventTypes';
import {findExecutable, whyItCannotServe, type Surroundings} from '../src/executable';
import {program} from './support';

const folder = mkdtempSync(path.join(tmpdir(), 'evcalc-'));
after(() => { rmSync(folder, {recursive: true}); });

function make(name: string, mode = 0o755): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), {recursive: true});
  writeFileSync(file, '#!/bin/sh\nexit 0\n');
  chmodSync(file, mode);
  return file;
}

const inBin = make('bin/evcalc');
const inHome = make('home/tools/evcalc');
const inWorkspace = make('work/evcalc');
const onWindows = make('windows/evcalc.exe');
make('plain/evcalc', 0o644);
mkdirSync(path.join(folder, 'folder/evcalc'), {recursive: true});

const around: Surroundings = {
  env: {PATH: ['', '.', 'bin', path.join(folder, 'plain'), path.join(folder, 'folder'), path.join(folder, 'bin')].join(':')},
  platform: 'linux',
  home: path.join(folder, 'home'),
  workspaceFolder: path.join(folder, 'work'),
};

void test('a name is looked for on the PATH, past what is no program and past relative folders', async () => {
  assert.deepEqual(await findExecutable('evcalc', around), {path: inBin});
  assert.deepEqual(await findExecutable('  ', around), {path: inBin});
  const relative = {...around, env: {PATH: '.:work:'}};
  assert.deepEqual(await findExecutable('evcalc', relative), {reason: 'there is no evcalc on the PATH'});
  assert.deepEqual(await findExecutable('evcalc', {...around, env: {}}), {reason: 'there is no evcalc on the PATH'});
});

void test('a path may begin at home, in the workspace, or anywhere', async () => {
  assert.deepEqual(await findExecutable('~/tools/evcalc', around), {path: inHome});
  assert.deepEqual(await findExecutable('${workspaceFolder}/evcalc', around), {path: inWorkspace});
  assert.deepEqual(await findExecutable('./evcalc', around), {path: inWorkspace});
  assert.deepEqual(await findExecutable(inBin, around), {path: inBin});
  const found = await findExecutable('./absent', around);
  assert.ok('reason' in found && found.reason.startsWith(path.join(folder, 'work/absent')), JSON.stringify(found));
});

void test('on Windows the name has an ending and the PATH another form', async () => {
  const windows: Surroundings = {...around, platform: 'win32', env: {Path: `.;${path.join(folder, 'windows')}`}};
  assert.deepEqual(await findExecutable('evcalc', windows), {path: onWindows});
});

void test('the real evcalc serves, and tells its Event types', async () => {
  const evcalc = program('EVCALC');
  assert.equal(await whyItCannotServe(evcalc), undefined);
  assert.match((await whyItCannotServe(path.join(folder, 'absent')))!, /could not be run/);
  const listed = await listEventTypes(evcalc, [], folder);
  assert.ok('names' in listed && listed.names.includes('configuration.commitment.updated'), JSON.stringify(listed));
  const failed = await listEventTypes(evcalc, ['absent.json'], folder);
  assert.ok('reason' in failed && failed.reason.includes('absent.json'), JSON.stringify(failed));
});
