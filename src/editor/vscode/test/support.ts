// What the tests share.
import {readFileSync} from 'node:fs';
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

export interface Manifest {
  main: string;
  activationEvents: string[];
  engines: {vscode: string};
  contributes: {
    languages: {id: string; extensions: string[]; configuration: string}[];
    grammars: {language?: string; scopeName: string; path: string; injectTo?: string[]; embeddedLanguages?: Record<string, string>}[];
    commands: {command: string}[];
    menus: Record<string, {command: string}[]>;
    semanticTokenScopes: {language: string; scopes: Record<string, string[]>}[];
    configuration: {properties: Record<string, {type: string; default: unknown; items?: {enum?: string[]}}>};
  };
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(path.join(folders.extension, 'package.json'), 'utf8')) as Manifest;
}
