// The TextMate grammars, which colour a text before the server has answered: one for calculations
// and one that is injected into JSON, for the string behind the key "calculation". The build writes
// them as JSON. What is coloured how is decided by the compiler's tables; test/grammar.test.ts holds
// these patterns against them.

export interface Rule {
  name?: string;
  contentName?: string;
  match?: string;
  begin?: string;
  end?: string;
  captures?: Record<string, Rule>;
  beginCaptures?: Record<string, Rule>;
  endCaptures?: Record<string, Rule>;
  patterns?: Rule[];
  include?: string;
}

export interface Grammar {
  scopeName: string;
  injectionSelector?: string;
  patterns: Rule[];
  repository: Record<string, Rule>;
}

/** The scope of each class of tokens of evcalc/editor.h. */
export const scopes = {
  number: 'constant.numeric.m3ter',
  string: 'string.quoted.double.m3ter',
  escape: 'constant.character.escape.m3ter',
  keyword: 'keyword.control.m3ter',
  constant: 'constant.language.m3ter',
  field: 'variable.other.property.m3ter',
  variable: 'variable.other.constant.m3ter',
  function: 'support.function.m3ter',
  operator: 'keyword.operator.m3ter',
  punctuation: 'punctuation.m3ter',
  error: 'invalid.illegal.m3ter',
} as const;

export type TokenClass = keyof typeof scopes;

export const calculationScope = 'source.m3ter-calculation';
export const notificationScope = 'notification.m3ter-calculation';
export const embeddedScope = 'meta.embedded.inline.m3ter-calculation';

// Pieces of the patterns. A blank is also one that JSON spells \n: the same patterns are used in both.
const blanks = String.raw`(?:\s|\\[nrt])*`;
const inner = String.raw`[\p{L}_$0-9]`;
const invisible = String.raw`[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]`;
const name = `[\\p{L}_$](?:${inner}|${invisible}+(?=${inner}))*`;
const dot = String.raw`(?:\s*\.(?!\s+(?:AND|OR)(?!${inner}))\s*|\?\.|->)`;
const path = `${name}(?:${dot}${name})*`;
const whole = `(?!${inner}|\\s*\\.\\s*[\\p{L}_$])`; // a word is one only as a whole path
const typeWord = '(?i:string|number|double|float|decimal|integer|int|long|boolean|bool)';

const token = (kind: TokenClass, match: string): Rule => ({name: scopes[kind], match});

/** Everything that neither holds nor touches a quote or a backslash. In this order. */
const plain: Rule[] = [
  token('error', String.raw`\{\{?\s*(?:null|true|false)\s*\}\}?`),
  token('field', String.raw`\{\{\s*${path}\s*\}\}|\$?\{\s*${path}\s*\}`),
  token('constant', `(?i:true|false)\\s*\\(\\s*\\)`),
  token('constant', `(?i:null|true|false)${whole}`),
  // Behind an operand IN, NOT IN and the like are operators of other languages.
  token('keyword', `(?<!\\bAND |\\bOR |\\band |\\bor )(?<=[\\p{L}0-9_$")\\]] )(?i:IN)(?=${blanks}\\()`),
  token('operator', `(?i:IS)(?=\\s*[=<>!])`), // … and IS before other operators is a comparison
  token('keyword', `(?i:AND|OR|NOT|IS|LIKE|BETWEEN)${whole}`),
  token('function', `${path}(?=${blanks}\\()`),
  token('variable', `(?:Math\\.PI|DateTime\\.TS_FMT)${whole}`),
  token('number', String.raw`\$[0-9]+\.[0-9]+(?!${inner})`),
  token('error', `${path}\\.(?!\\s*[\\p{L}_$]|\\.)|${path}\\.(?=\\s+(?:AND|OR)(?!${inner}))`),
  token('field', path),
  token('string', String.raw`(?=0|\d{4}-0|\d{4}-\d\d-0|\d{4}-\d\d-\d\d[tT])\d{4}-\d\d-\d\d(?:[tT]\d\d(?::\d\d){1,2}(?:\.\d+)?(?:[zZ]|[+-]\d\d:?\d\d)?)?(?!${inner})`),
  token('number', String.raw`[0-9]+(?:\.[0-9]*)?[eE][+-][0-9](?:${inner}|\.)*|\.?[0-9](?:${inner}|\.)*|[\uFF10-\uFF19](?:${inner}|[.\uFF10-\uFF19])*`),
  token('error', '```[a-z]*'),
  token('operator', String.raw`&[lg]t;=?`),
  token('keyword', String.raw`&amp;(?:&amp;)?|&&?|\|\|?|[\u2227\u2228]`),
  token('operator', String.raw`[=!]==?|<>|<=?|>=?|=[<>!]?|:=|\*\*?|[-+/%^?:!]`),
  token('operator', String.raw`[\u00B7\u00D7\u00F7\u2010-\u2014\u2212\u2215\u2217\u2260\u2264\u2265\u22C5\u2A7D\u2A7E\uFF05\uFF0A\uFF0B\uFF0D\uFF0F\uFF1A\uFF1C-\uFF1F]`),
  token('punctuation', String.raw`[(),\uFF08\uFF09\uFF0C]`),
  token('error', String.raw`[^ \t\r\n"\\]`),
];

// Strings in other quotes, from documents and other languages. `a.b` is a field in Markdown's.
const openingSingle = String.raw`['\u2018-\u201B\u2039\u203A]`;
const openingDouble = String.raw`[\u201C-\u201F\u00AB\u00BB\uFF02]`;
const otherQuotes = (character: string, quote: string): Rule[] => [
  token('field', '`[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)+`'),
  token('string', `\`(?!\`\`)(?:(?![\`'])${character})*[\`']`),
  token('string', `${openingSingle}(?:''|(?!${openingSingle})${character})*${openingSingle}`),
  token('string', `${openingDouble}(?:(?!${openingDouble}|${quote})${character})*(?:${openingDouble}|${quote})`),
];

const hexadecimal = '[0-9A-Fa-f]';
const lead = `u[Dd][89ABab]${hexadecimal}{2}`;
const trail = `u[Dd][C-Fc-f]${hexadecimal}{2}`;

/** A cast of other languages, before what may begin an operand. */
const cast = (quote: string): Rule =>
  token('error', `\\(\\s*${typeWord}\\s*\\)(?=\\s*(?:${inner}|\\(|${quote}))(?!\\s*(?:AND|OR)(?!${inner}|\\.))`);

/** [ … ] is one mistake as a whole, whatever is in it. */
const brackets = (end: string, string: string): Rule => ({
  name: scopes.error,
  begin: String.raw`\[`,
  end,
  patterns: [{include: '#brackets'}, {match: string}],
});

/** Escapes of the language's strings, where `backslash` and `quote` match one in the text. */
const escapes = (backslash: string, quote: string): Rule[] => [
  token('escape', `${backslash}(?:${backslash}|${quote}|[/bfnrt]|${lead}${backslash}${trail}|u(?![Dd][89A-Fa-f])${hexadecimal}{4})`),
  token('error', `${backslash}(?:u(?:${hexadecimal}{4})?|[^"\\\\\\x00-\\x1F])?`),
];

export const calculation: Grammar = {
  scopeName: calculationScope,
  patterns: [{include: '#calculation'}],
  repository: {
    calculation: {
      patterns: [
        token('error', String.raw`(?://|#).*$`),
        {name: scopes.error, begin: String.raw`/\*`, end: String.raw`\*/`},
        {
          name: scopes.string,
          begin: '"',
          end: '"|$',
          patterns: escapes('\\\\', '"'),
        },
        token('string', String.raw`&quot;[^"\\&]*&quot;|\\"[^"\\]*\\"`),
        token('error', String.raw`\\[nrt]?`),
        ...otherQuotes(String.raw`(?:\\.|[^\\])`, '"'),
        {include: '#brackets'},
        cast('"'),
        {include: '#plain'},
      ],
    },
    plain: {patterns: plain},
    brackets: brackets(String.raw`\]`, '"[^"]*"'),
  },
};

const jsonString: Rule = {
  begin: '"',
  beginCaptures: {0: {name: 'string.quoted.double.json punctuation.definition.string.begin.json'}},
  end: '"',
  endCaptures: {0: {name: 'string.quoted.double.json punctuation.definition.string.end.json'}},
  contentName: embeddedScope,
  patterns: [{include: '#escaped'}],
};

/** The language as it is spelled inside a JSON string, and where such a string stands. */
export const notification: Grammar = {
  scopeName: notificationScope,
  injectionSelector: 'L:meta.structure.dictionary.json - string - comment - meta.embedded',
  patterns: [{include: '#member'}],
  repository: {
    member: {
      begin: String.raw`(")(calculation)(")\s*(:)`,
      beginCaptures: {
        1: {name: 'string.json support.type.property-name.json punctuation.support.type.property-name.begin.json'},
        2: {name: 'string.json support.type.property-name.json'},
        3: {name: 'string.json support.type.property-name.json punctuation.support.type.property-name.end.json'},
        4: {name: 'punctuation.separator.dictionary.key-value.json'},
      },
      end: String.raw`(,)|(?=\})`,
      endCaptures: {1: {name: 'punctuation.separator.dictionary.pair.json'}},
      contentName: 'meta.structure.dictionary.value.json',
      patterns: [
        jsonString,
        {include: 'source.json#value'},
        {match: String.raw`[^,\s]`, name: 'invalid.illegal.expected-dictionary-separator.json'},
      ],
    },
    brackets: brackets(String.raw`\]|(?=")`, String.raw`\\"(?:[^"\\]|\\[^"])*\\"`),
    escaped: {
      patterns: [
        token('error', String.raw`(?://|#)(?:[^"\\]|\\[^nr])*`),
        {name: scopes.error, begin: String.raw`/\*`, end: String.raw`\*/|(?=")`, patterns: [{match: String.raw`\\.`}]},
        {
          name: scopes.string,
          begin: String.raw`\\"`,
          end: String.raw`\\"|(?=")|(?=\\[nr])`,
          patterns: [...escapes(String.raw`\\\\`, String.raw`\\"`), {match: String.raw`\\u${hexadecimal}{4}|\\[/bft]`}],
        },
        token('string', String.raw`\\\\\\"(?:[^"\\]|\\[^"\\])*\\\\\\"`),
        token('error', String.raw`\\\\[nrt]?`),
        {name: 'constant.character.escape.json', match: String.raw`\\(?:[bfnrt]|u${hexadecimal}{4})`},
        token('operator', String.raw`\\/`),
        ...otherQuotes(String.raw`(?:\\\\\\["\\]|\\\\[^\\]|\\(?:["/bft]|u${hexadecimal}{4})|[^"\\])`, String.raw`\\"`),
        {include: '#brackets'},
        cast(String.raw`\\"`),
        {include: `${calculationScope}#plain`},
        {name: 'invalid.illegal.unrecognized-string-escape.json', match: String.raw`\\.`},
      ],
    },
  },
};
