// The setting evcalc.eventTypes: which Event type the calculations of a file have.
import * as path from 'node:path';
import {run} from './executable';

/** The Event types that evcalc knows with these field lists; or in a sentence why it cannot tell. */
export async function listEventTypes(
  executable: string, fields: string[], folder: string | undefined,
): Promise<{names: string[]} | {reason: string}> {
  const args = ['types', '--format', 'json', ...fields.flatMap((file) => ['--fields', file])];
  const asked = await run(executable, args, folder);
  if (asked.status !== 0) return {reason: asked.stderr.trim() || String(asked.status)};
  const answer: unknown = JSON.parse(asked.stdout);
  const names = (answer as {events?: unknown}).events;
  return Array.isArray(names) ? {names: names.map(String)} : {reason: 'its answer is not a list'};
}

/** A path as a glob that matches it alone. */
export function escapeGlob(file: string): string {
  return file.replaceAll('\\', '/').replace(/[*?{}[\]]/g, '[$&]');
}

export interface Scope {
  label: string;
  glob: string;
}

/** What a choice for this file may hold for, from the file itself to the whole folder. */
export function scopesOf(file: string, folder: string): Scope[] {
  const relative = path.relative(folder, file).replaceAll('\\', '/');
  const ending = path.extname(file);
  const above = path.posix.dirname(relative);
  const scopes = [{label: `Only ${relative}`, glob: escapeGlob(relative)}];
  if (above !== '.') scopes.push({label: `All *${ending} in ${above}`, glob: `${escapeGlob(above)}/**/*${ending}`});
  scopes.push({label: `All *${ending} in ${path.basename(folder)}`, glob: `**/*${ending}`});
  return scopes;
}
