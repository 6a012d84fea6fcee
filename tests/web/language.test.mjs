/* The tables of ../language through the WebAssembly build, as ../language/language_test.c runs them
 ** through the library: every diagnostic with its place, texts and fixes, every answer, and that every
 ** fix removes its diagnostic and adds no error of syntax or names. Calculations go in as bytes and
 ** events through JavaScript's JSON.
 **
 ** A case is left out where its event is not JSON to JavaScript as a whole: of an event, the library
 ** validates only what it reads. How many that were is said; none are so far.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Evcalc } from "../../src/editor/web/dist/index.js";
import { readTable } from "./cases.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tables = join(root, "tests/language");

/* The codes in their order, which says of what kind they are. */
const codes = [
  ...readFileSync(join(root, "include/evcalc/codes.h"), "utf8").matchAll(
    /^ +X\(\w+, "([a-z0-9-]+)"/gm,
  ),
].map(([, name]) => name);
const between = (first, last) => codes.slice(codes.indexOf(first), codes.indexOf(last) + 1);
const advice = between("constant-condition", "inexact-equality");
const syntaxOrName = new Set([
  ...between("invalid-utf8", "calculation-missing"),
  ...between("unknown-field", "function-not-called"),
]);
assert.ok(codes.length > 60 && advice.length === 8 && syntaxOrName.size > 25);

const counts = { passed: 0, leftOut: 0 };
const text = (bytes) => Buffer.from(bytes).toString("latin1"); // a letter a byte

function optionsOf(found) {
  const options = { eventType: found.type, allow: [...advice], deny: [], limits: {} };
  for (const word of found.options?.split(" ") ?? []) {
    const [name, value] = word.split("=");
    if (name === "allow") options.allow.push(value);
    else if (name === "deny" && value === "warnings") options.denyWarnings = true;
    else if (name === "deny") options.deny.push(value);
    else options.limits[name] = Number(value);
  }
  return options;
}

/** `text`, `text`#2, start, end, N-M, none. */
function spanOf(calculation, span) {
  if (span === "none") return null;
  if (span === "start") return { start: 0, end: 0 };
  const whole = text(calculation);
  if (span === "end") {
    const end = whole.replace(/[ \t\r\n]+$/, "").length;
    return { start: end, end };
  }
  const numbers = /^(\d+)-(\d+)$/.exec(span);
  if (numbers) return { start: Number(numbers[1]), end: Number(numbers[2]) };
  const [, quoted, nth = "1"] = /^`(.*)`(?:#(\d+))?$/s.exec(span);
  const wanted = text(Buffer.from(quoted));
  let start = -1;
  for (let i = 0; i < Number(nth); i++) start = whole.indexOf(wanted, start + 1);
  assert.notEqual(start, -1, `${span} is not in the calculation`);
  return { start, end: start + wanted.length };
}

function applied(calculation, fix) {
  const out = [];
  let from = 0;
  for (const { start, end, text: insert } of fix.edits) {
    assert.ok(start >= from && end >= start && end <= calculation.length, "edits are in order");
    out.push(calculation.subarray(from, start), Buffer.from(insert));
    from = end;
  }
  out.push(calculation.subarray(from));
  return Uint8Array.from(Buffer.concat(out));
}

function moved(offset, fix) {
  return fix.edits.reduce(
    (to, { start, end, text: insert }) =>
      end <= offset ? to + Buffer.byteLength(insert) - (end - start) : to,
    offset,
  );
}

function checkFix(evcalc, options, calculation, before, found, fix) {
  const document = evcalc.open(options, applied(calculation, fix));
  const then = document.check().diagnostics;
  document.close();
  const of = (list) => list.filter(({ code }) => code === found.code).length;
  const start = moved(found.span?.start ?? 0, fix);
  const gone =
    of(then) < of(before) ||
    !then.some(({ code, span }) => code === found.code && (span?.start ?? 0) === start);
  assert.ok(gone, `the fix of ${found.code} leaves it: ${fix.title}`);
  const broken = (list) => list.filter(({ code }) => syntaxOrName.has(code)).length;
  const most = broken(before) - (syntaxOrName.has(found.code) ? 1 : 0);
  assert.ok(broken(then) <= most, `the fix of ${found.code} adds an error: ${fix.title}`);
}

function checkLine(found, calculation, check) {
  switch (check.kind) {
    case "no fix":
      return assert.deepEqual(found.fixes, []);
    case "fix":
      assert.ok(found.fixes.length, `${found.code} has no fix`);
      return assert.equal(text(applied(calculation, found.fixes[0])), text(check.bytes));
    case "message":
      return assert.ok(found.message.includes(check.text), found.message);
    case "help":
      return assert.ok(found.help?.includes(check.text), found.help);
    default: {
      const { start, end } = spanOf(calculation, check.text);
      assert.ok(found.labels.some((label) => label.start === start && label.end === end));
    }
  }
}

function checkAnswer(document, found) {
  let event;
  try {
    event = JSON.parse(found.event ?? "{}");
  } catch {
    return false;
  }
  const result = document.evaluate(event);
  if (found.verdict === "fails") {
    assert.equal(result.status, "failed");
    assert.equal(result.error.code, found.fails.code);
    assert.deepEqual(result.error.span, spanOf(found.calculation, found.fails.span));
  } else {
    assert.equal(result.status, "ok", result.error?.message);
    assert.equal(result.value, found.verdict === "true");
    const whole = result.parts.at(-1);
    assert.ok(whole.evaluated && (whole.value === true) === result.value, "the trace agrees");
  }
  return true;
}

function runCase(evcalc, found) {
  const options = optionsOf(found);
  if (!evcalc.eventType(found.type)) {
    assert.deepEqual(
      found.diagnostics.map(({ code }) => code),
      ["unknown-event-type"],
    );
    assert.throws(() => evcalc.open(options), { code: "unknown-event-type" });
    return true;
  }
  const document = evcalc.open(options, found.calculation);
  try {
    const { diagnostics, valid, errors, warnings } = document.check();
    assert.deepEqual(
      diagnostics.map(({ code, severity, span }) => ({ code, severity, span })),
      found.diagnostics.map(({ code, severity, span }) => ({
        code,
        severity,
        span: spanOf(found.calculation, span),
      })),
    );
    assert.equal(valid, !found.diagnostics.some(({ severity }) => severity === "error"));
    for (const [index, expected] of found.diagnostics.entries())
      for (const check of expected.checks) checkLine(diagnostics[index], found.calculation, check);
    if (errors + warnings <= 100)
      for (const diagnostic of diagnostics)
        for (const fix of diagnostic.fixes)
          checkFix(evcalc, options, found.calculation, diagnostics, diagnostic, fix);
    if (found.verdict) assert.ok(valid, "it should be valid");
    return !valid || !found.verdict || found.verdict === "valid" || checkAnswer(document, found);
  } finally {
    document.close();
  }
}

for (const name of readdirSync(tables).filter((file) => file.endsWith(".cases"))) {
  test(`language: ${basename(name, ".cases")}`, async () => {
    const { fields, cases } = readTable(join(tables, name));
    const evcalc = await Evcalc.load({ fields });
    const failures = [];
    for (const found of cases) {
      try {
        counts[runCase(evcalc, found) ? "passed" : "leftOut"]++;
      } catch (error) {
        failures.push(`${name}:${found.line}: ${found.title}\n    ${error.message}`);
      }
    }
    assert.ok(cases.length > 0 && failures.length === 0, `\n${failures.join("\n")}`);
  });
}

after(() => console.log(`# ${counts.passed} cases passed, ${counts.leftOut} left out`));
