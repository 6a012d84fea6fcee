// What the tests share.
import * as path from 'node:path';

/** Tests run from the extension's folder. */
export const folders = {
  extension: process.cwd(),
  repository: path.resolve(process.cwd(), '../../..'),
};

/** A program that the build makes; ctest says where it is. */
export function program(variable: string): string {
  const found = process.env[variable];
  if (!found) throw new Error(`${variable} is not set: run these tests by ctest -L editors, or set it yourself`);
  return found;
}
