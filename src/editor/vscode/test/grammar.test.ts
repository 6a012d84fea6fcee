// The TextMate grammars against the compiler's tables: every text that tokens_dump prints must get,
// character by character, the class that evc_editor_tokens gives, as a file and inside a
// notification's string. What a grammar without context cannot know is listed in `permitted`.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import * as path from 'node:path';
import test from 'node:test';
import {loadWASM, OnigScanner, OnigString} from 'vscode-oniguruma';
import {INITIAL, Registry, parseRawGrammar, type IGrammar, type IRawGrammar} from 'vscode-textmate';
import {calculation, calculationScope, notification, notificationScope, scopes, type TokenClass} from '../src/grammar';
import {folders, program} from './support';

interface Dumped {
  source: string;
  text: string;
  valid: boolean;
  tokens: [number, number, TokenClass][];
}

type ClassOf = (TokenClass | undefined)[]; // by UTF-16 offset

function dumped(): Dumped[] {
  const tables = ['editor', 'language'].flatMap((folder) => {
    const there = path.join(folders.repository, 'tests', folder);
    return readdirSync(there).filter((f) => f.endsWith('.cases')).map((f) => path.join(there, f));
  });
  const out = execFileSync(program('EVCALC_TOKENS_DUMP'), tables, {encoding: 'utf8', maxBuffer: 1 << 28});
  return out.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Dumped);
}

/** The compiler's classes by UTF-16 offset instead of bytes. */
function expectedOf({text, tokens}: Dumped): ClassOf {
  const classes: ClassOf = new Array<undefined>(text.length);
  let byte = 0, at = 0, next = 0;
  for (const character of text) {
    while (next < tokens.length && tokens[next]![1] <= byte) next++;
    const token = tokens[next];
    if (token && token[0] <= byte) classes.fill(token[2], at, at + character.length);
    byte += Buffer.byteLength(character);
    at += character.length;
  }
  return classes;
}

const byScope = new Map(Object.entries(scopes).map(([kind, scope]) => [scope as string, kind as TokenClass]));

function classOf(list: string[]): TokenClass | undefined {
  for (const scope of [...list].reverse()) {
    const kind = byScope.get(scope);
    if (kind) return kind;
    if (scope.startsWith('meta.embedded')) return undefined;
  }
  return undefined;
}

/** The scopes of each UTF-16 offset of a text of any number of lines. */
function scopesOf(grammar: IGrammar, text: string): string[][] {
  const all: string[][] = [];
  let state = INITIAL, done = 0;
  for (const line of text.split(/(?<=\r\n|\r(?!\n)|\n)/)) {
    const content = line.replace(/[\r\n]+$/, '');
    const result = grammar.tokenizeLine(content, state);
    for (const token of result.tokens)
      for (let i = token.startIndex; i < Math.min(token.endIndex, content.length); i++) all.push(token.scopes);
    while (all.length < line.length + done) all.push([]); // the line break
    done += line.length;
    state = result.ruleStack;
  }
  return all;
}

async function grammars(): Promise<{calculation: IGrammar; json: IGrammar}> {
  const require = createRequire(__filename);
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const json = readFileSync(require.resolve('tm-grammars/grammars/json.json'), 'utf8');
  const known: Record<string, IRawGrammar> = {
    [calculationScope]: parseRawGrammar(JSON.stringify(calculation), 'calculation.json'),
    [notificationScope]: parseRawGrammar(JSON.stringify(notification), 'notification.json'),
    'source.json': parseRawGrammar(json, 'json.json'),
  };
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: (scope) => Promise.resolve(known[scope] ?? null),
    getInjections: (scope) => (scope === 'source.json' ? [notificationScope] : undefined),
  });
  return {
    calculation: (await registry.loadGrammar(calculationScope))!,
    json: (await registry.loadGrammar('source.json'))!,
  };
}

interface Difference {
  dumped: Dumped;
  text: string; // what the compiler has as one token
  at: number;
  expected: TokenClass | undefined;
  got: TokenClass | undefined;
}

/** Differences, one for each of the compiler's tokens. */
function compare(one: Dumped, got: ClassOf): Difference[] {
  const expected = expectedOf(one), found: Difference[] = [];
  for (let i = 0; i < one.text.length; i++) {
    const blank = /[ \t\r\n]/.test(one.text[i]!) && (expected[i] === undefined || got[i] === undefined);
    if (expected[i] === got[i] || blank) continue;
    let start = i, end = i + 1;
    while (start > 0 && expected[start - 1] === expected[i] && !/\s/.test(one.text[start - 1]!)) start--;
    while (end < one.text.length && expected[end] === expected[i] && !/\s/.test(one.text[end]!)) end++;
    found.push({dumped: one, text: one.text.slice(start, end), at: start, expected: expected[i], got: got[i]});
    i = end - 1;
  }
  return found;
}

/** What the grammars may colour otherwise. Only the first is about valid texts. */
const permitted: {why: string; is: (d: Difference) => boolean}[] = [
  {
    why: 'a line is coloured without the next one: the ( of a call and the rest of a path may be there',
    is: ({dumped, at, text, expected, got}) =>
      /^\s*\n/.test(dumped.text.slice(at + text.length)) &&
      ((expected === 'function' && got === 'field') || (expected === 'field' && got === 'error')),
  },
  {
    why: 'a line is coloured without the one before: the operand of IN may be there, behind a remark',
    is: ({dumped, at, text, expected, got}) =>
      !dumped.valid && /\n\s*$/.test(dumped.text.slice(0, at)) &&
      expected === 'keyword' && got === 'function' && /^IN$/i.test(text),
  },
  {
    why: 'AND( and OR( as functions of spreadsheets are told from a joining AND ( by what stands before',
    is: ({dumped, text, expected, got}) =>
      !dumped.valid && expected === 'function' && got === 'keyword' && /^(AND|OR)$/i.test(text),
  },
  {
    why: 'what begins like a number is one, also where it goes on wrongly or is too large',
    is: ({dumped, text, expected, got}) =>
      !dumped.valid && expected === 'error' && got === 'number' && /^\$?\.?\p{Nd}/u.test(text),
  },
  {
    why: 'digits are grouped by a comma outside of calls only',
    is: ({dumped, expected, got}) =>
      !dumped.valid && /\d,\d{3}/.test(dumped.text) &&
      ((expected === 'number' && got !== 'string') || (expected === 'error' && got === 'field')),
  },
  {
    why: 'invisible characters at the edge of a word, and a byte order mark, are shown as mistakes',
    is: ({text, got}) => got === 'error' && /^\p{Cf}|^\w+\p{Cf}$/u.test(text),
  },
  {
    why: 'typographic quotes are paired simply',
    is: ({dumped, text}) => !dumped.valid && /^[\u201C\u2018]/.test(text),
  },
  {
    why: 'a { block } is a mistake as a whole, whatever is in it',
    is: ({dumped, expected}) => !dumped.valid && expected === 'error' && /\{.*[;=].*\}/s.test(dumped.text),
  },
  {
    why: 'in JSON, control characters are escapes of JSON, and the strings they stand in end there',
    is: ({dumped, text}) => !dumped.valid && /[\x00-\x1F]/.test(text),
  },
];

const usedRules = new Set<string>();

function judge(differences: Difference[]): void {
  const used = new Set<string>();
  const left = differences.filter((d) => {
    const rule = permitted.find((p) => p.is(d));
    if (rule) used.add(rule.why);
    return !rule;
  });
  for (const rule of permitted) if (used.has(rule.why)) usedRules.add(rule.why);
  const lines = left.map((d) =>
    `${d.dumped.source}: ${JSON.stringify(d.dumped.text)}: ${JSON.stringify(d.text)} is ${d.expected}, coloured ${d.got}`);
  assert.equal(left.length, 0, `${left.length} differences\n${lines.slice(0, Number(process.env['SHOW'] ?? 40)).join('\n')}`);
}

void test('the grammars', async (t) => {
  const all = dumped();
  const {calculation, json} = await grammars();

  await t.test('every class is met', () => {
    const met = new Set(all.filter((d) => d.valid).flatMap((d) => d.tokens.map((token) => token[2])));
    for (const kind of Object.keys(scopes)) if (kind !== 'error') assert.ok(met.has(kind as TokenClass), kind);
  });

  await t.test('in a file', () => {
    judge(all.flatMap((one) => compare(one, scopesOf(calculation, one.text).map(classOf))));
  });

  await t.test('inside a notification', () => {
    judge(all.flatMap((one) => {
      const before = '{"data": [{"code": "calculation", "calculation": "';
      const characters = [...one.text].map((c) => JSON.stringify(c).slice(1, -1));
      const behind = '", "other": "new.a"}]}';
      const found = scopesOf(json, before + characters.join('') + behind);
      const end = found.length - behind.length;
      assert.ok(found.slice(end).every((list) => !list.some((s) => s.endsWith('.m3ter'))), one.text);
      assert.ok(found[end + 4]!.includes('support.type.property-name.json'), one.text);
      const got: ClassOf = [];
      let at = before.length;
      for (const [i, c] of [...one.text].entries()) {
        for (let unit = 0; unit < c.length; unit++) got.push(classOf(found[at]!));
        at += characters[i]!.length;
      }
      return compare(one, got);
    }));
  });

  await t.test('nothing is permitted that does not occur', () => {
    assert.deepEqual(permitted.map((p) => p.why).filter((why) => !usedRules.has(why)), []);
  });
});
