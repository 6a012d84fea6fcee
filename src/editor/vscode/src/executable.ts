// Where the program evcalc is, and whether it can serve. Nothing here knows VS Code.
import {execFile} from 'node:child_process';
import {access, constants, stat} from 'node:fs/promises';
import * as path from 'node:path';

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  home: string;
  workspaceFolder: string | undefined;
}

/** Either a path, or in a sentence why there is none. */
export type Found = {path: string} | {reason: string};

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** The setting with `~/` and `${workspaceFolder}` filled in. */
function expand(setting: string, {home, workspaceFolder}: Surroundings): string {
  const expanded = setting.replace(/^~(?=[/\\])/, () => home);
  return workspaceFolder === undefined
    ? expanded
    : expanded.replaceAll('${workspaceFolder}', () => workspaceFolder);
}

/**
 * Find what the setting evcalc.path names: a path, or a name to look for on the PATH. Relative
 * entries of the PATH are passed over, and a program is always started by its whole path, so that no
 * file of the opened folder is run because it has the right name.
 */
export async function findExecutable(setting: string, around: Surroundings): Promise<Found> {
  const named = expand(setting.trim() || 'evcalc', around);
  const endings = around.platform === 'win32' ? ['.exe', ''] : [''];
  if (/[/\\]/.test(named)) {
    const base = around.workspaceFolder ?? around.home;
    for (const ending of endings) {
      const file = path.resolve(base, named + ending);
      if (await isProgram(file)) return {path: file};
    }
    return {reason: `${path.resolve(base, named)}, which the setting evcalc.path names, is not a program`};
  }
  const variable = Object.keys(around.env).find((key) => key.toUpperCase() === 'PATH');
  const list = variable === undefined ? '' : around.env[variable] ?? '';
  for (const folder of list.split(around.platform === 'win32' ? ';' : ':'))
    for (const ending of endings)
      if (path.isAbsolute(folder) && await isProgram(path.join(folder, named + ending)))
        return {path: path.join(folder, named + ending)};
  return {reason: `there is no ${named} on the PATH`};
}

export interface Ran {
  status: number | string;
  stdout: string;
  stderr: string;
}

/** Run the program; a status that is no number says why it did not run or end. */
export function run(file: string, args: string[], cwd?: string): Promise<Ran> {
  const options = {timeout: 10_000, maxBuffer: 1 << 24, windowsHide: true, ...(cwd === undefined ? {} : {cwd})};
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const status = error ? error.code ?? error.signal ?? error.message : 0;
      resolve({status, stdout, stderr});
    });
  });
}

/** Why the program cannot serve; undefined when it can. */
export async function whyItCannotServe(file: string): Promise<string | undefined> {
  const asked = await run(file, ['help', 'lsp']);
  if (asked.status === 0) return undefined;
  if (typeof asked.status === 'string') return `${file} could not be run (${asked.status})`;
  const version = await run(file, ['--version']);
  return version.status === 0 && version.stdout.startsWith('evcalc')
    ? `${file} is ${version.stdout.trim()}, which has no language server yet: a newer one is needed`
    : `${file} is not evcalc`;
}
