/* Reads tables of language cases: ../language/FORMAT.md, as ../language/cases.c does. */
import { readFileSync } from "node:fs";

const encoder = new TextEncoder();

/** A JSON string, where \xNN is one raw byte; as bytes. */
function decode(json) {
  if (!/^".*"$/s.test(json)) throw new Error(`a JSON string is expected: ${json}`);
  const bytes = [];
  for (const [piece] of json
    .slice(1, -1)
    .matchAll(/\\x[0-9a-fA-F]{2}|(?:\\u[0-9a-fA-F]{4}|\\[^x]|[^\\])+/gsu)) {
    if (piece.startsWith("\\x")) bytes.push(parseInt(piece.slice(2), 16));
    else bytes.push(...surrogates(JSON.parse(`"${piece.replace(/[\x00-\x1f]/g, escaped)}"`)));
  }
  return Uint8Array.from(bytes);
}

function escaped(control) {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** UTF-8 of a string; of a lone surrogate the three bytes that it would have. */
function surrogates(text) {
  return [...text].flatMap((character) => {
    const code = character.codePointAt(0);
    if (code < 0xd800 || code > 0xdfff) return [...encoder.encode(character)];
    return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  });
}

/** N PREFIX ~ PART ~ SUFFIX, with a blank between parts. */
function repeat(spec) {
  const [, count, rest] = /^(\d+)(.*)$/s.exec(spec);
  const [prefix, part, suffix] = rest.split("~").map((piece) => piece.replace(/^ +| +$/g, ""));
  return encoder.encode(prefix + part.repeat(Number(count)) + suffix);
}

function split(rest) {
  const blank = rest.indexOf(" ");
  if (blank < 0) throw new Error(`a code and a span are expected: ${rest}`);
  return { code: rest.slice(0, blank), span: rest.slice(blank + 1) };
}

/** What a line below a diagnostic says of it. */
const checks = {
  fix: (rest) =>
    rest === "none" ? { kind: "no fix" } : { kind: "fix", bytes: encoder.encode(rest) },
  "fix-json": (rest) => ({ kind: "fix", bytes: decode(rest) }),
  message: (rest) => ({ kind: "message", text: rest }),
  help: (rest) => ({ kind: "help", text: rest }),
  label: (rest) => ({ kind: "label", text: rest }),
};

function readLine(found, line) {
  const [, word, rest = ""] = /^(\S+)(?: (.*))?$/s.exec(line);
  const last = found.diagnostics.at(-1);
  switch (word) {
    case "type":
    case "event":
    case "options":
      found[word] = rest;
      break;
    case "calc":
      found.calculation = encoder.encode(rest);
      break;
    case "calc-json":
      found.calculation = decode(rest);
      break;
    case "calc-repeat":
      found.calculation = repeat(rest);
      break;
    case "valid":
    case "true":
    case "false":
      found.verdict = word;
      break;
    case "fails":
      found.verdict = word;
      found.fails = split(rest);
      break;
    case "error":
    case "warning":
      found.diagnostics.push({ severity: word, ...split(rest), checks: [] });
      break;
    default:
      if (!checks[word] || !last) throw new Error(`a line that the format does not have: ${line}`);
      last.checks.push(checks[word](rest));
  }
}

/** A table: its field lists and its cases. */
export function readTable(file) {
  const table = { fields: [], cases: [] };
  let type = "";
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const current = table.cases.at(-1);
    if (line.startsWith("== "))
      table.cases.push({ title: line.slice(3), line: index + 1, type, diagnostics: [] });
    else if (current) readLine(current, line);
    else if (line.startsWith("type ")) type = line.slice(5);
    else if (line.startsWith("fields ")) table.fields.push(line.slice(7));
    else throw new Error(`${file}:${index + 1}: a line that the format does not have`);
  }
  return table;
}
