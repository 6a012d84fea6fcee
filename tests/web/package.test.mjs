/* The package's functions under Node: what JavaScript adds to the library, which has tests of its own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import * as evcalc from "../../src/editor/web/dist/index.js";

const { Evcalc, EvcalcError } = evcalc;
const wasm = readFileSync(new URL("../../src/editor/web/dist/evcalc.wasm", import.meta.url));
const eventType = "configuration.commitment.updated";
const shared = await evcalc.load();

/* The module */

test("the module takes at most 190 KB, and 90 KB compressed, as servers send it", () => {
  const packed = gzipSync(wasm, { level: 9 }).length;
  console.log(`# evcalc.wasm: ${wasm.length} bytes, ${packed} with gzip -9`);
  assert.ok(packed <= 90_000, `${packed} bytes`);
  assert.ok(wasm.length <= 190_000, `${wasm.length} bytes`);
});

test("the module imports two functions, and nothing of a system", () => {
  assert.deepEqual(
    WebAssembly.Module.imports(new WebAssembly.Module(wasm))
      .map(({ module, name }) => `${module}.${name}`)
      .sort(),
    ["evcalc.digits", "evcalc.read"],
  );
});

test("it is loaded from bytes, a module, a response and a URL", async () => {
  const response = new Response(wasm, { headers: { "content-type": "application/wasm" } });
  const url = new URL("../../src/editor/web/dist/evcalc.wasm", import.meta.url);
  for (const source of [wasm, new WebAssembly.Module(wasm), response, url, url.href])
    assert.equal(
      (await Evcalc.load({ wasm: source })).eventTypes().length,
      shared.eventTypes().length,
    );
});

test("what is no module is told", async () => {
  await assert.rejects(Evcalc.load({ wasm: new Uint8Array([1, 2, 3]) }), WebAssembly.CompileError);
  await assert.rejects(Evcalc.load({ wasm: new Response("", { status: 404 }) }), {
    name: "EvcalcError",
    code: "wasm",
    message: /HTTP 404/,
  });
});

test("what both sides number or name is the same in both", () => {
  const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const plain = (names) => names.map((name) => name.toLowerCase().replaceAll("_", ""));
  const inC = (file, type, prefix) =>
    plain(
      [
        ...new RegExp(`typedef enum ${type} \\{(.*?)\\}`, "s")
          .exec(read(file))[1]
          .matchAll(new RegExp(`\\b${prefix}_(\\w+)`, "g")),
      ]
        .map(([, name]) => name)
        .filter((name) => name !== "END"),
    );
  const inEnum = (file, name) =>
    plain(
      new RegExp(`const enum ${name} \\{(.*?)\\}`, "s")
        .exec(read(`src/editor/web/lib/${file}`))[1]
        .match(/\w+/g),
    );
  const inUnion = (pattern) =>
    plain(pattern.exec(read("src/editor/web/lib/engine.ts"))[1].match(/\w+/g));
  assert.deepEqual(
    inEnum("engine.ts", "Option"),
    inC("src/editor/web/web.c", "web_option_kind", "WEB"),
  );
  assert.deepEqual(inEnum("events.ts", "Kind"), [
    ...new Set(inC("include/evcalc/event.h", "evc_kind", "EVC_KIND")),
  ]);
  assert.deepEqual(
    inUnion(/type TokenClass =(.*?);/s),
    inC("include/evcalc/editor.h", "evc_token_class", "EVC_CLASS"),
  );
  assert.deepEqual(shared.tokenClasses, inUnion(/type TokenClass =(.*?);/s));
  assert.deepEqual(
    inUnion(/kind:[\s|]*("field".*?);/s),
    inC("include/evcalc/editor.h", "evc_completion_kind", "EVC_COMPLETE"),
  );
});

/* Positions */

const texts = [
  "",
  "a",
  "é",
  "😀",
  "a😀b",
  "😀😀 é",
  '日本 "😀" x',
  "\ud800",
  "a\udc00b",
  "e\u0301\u{1F468}\u200D\u{1F469}",
];

test("positions are UTF-16 units, whatever stands before", () => {
  for (const before of texts) {
    const text = `"${before.replaceAll('"', "'")}" == new.amountSpend`;
    const found = shared
      .check(text, { eventType })
      .diagnostics.find(({ code }) => code === "unknown-field");
    const { start, end } = found.span;
    assert.equal(text.slice(start, end), "new.amountSpend");
    const [edit] = found.fixes[0].edits;
    assert.equal(
      text.slice(0, edit.start) + edit.text + text.slice(edit.end),
      text.replace("Spend", "Spent"),
    );
    const hover = shared.hover(text, start + 2, { eventType });
    assert.equal(text.slice(hover.start, hover.end), "new.amountSpend");
    const completed = shared.complete(text, text.length, { eventType });
    assert.equal(text.slice(completed.start, completed.end), "new.amountSpend");
  }
});

test("tokens cover the text but for blanks", () => {
  for (const before of texts.slice(0, 7)) {
    const text = `"${before.replaceAll('"', "")}" != new.currency AND 1 < 2`;
    let rest = text;
    for (const { start, end } of shared.tokens(text, { eventType }).reverse())
      rest = rest.slice(0, start) + rest.slice(end);
    assert.match(rest, /^ *$/);
  }
});

test("a position in the middle of a pair is its start, one past the end the end", () => {
  const text = '"😀" == new.currency';
  assert.deepEqual(shared.hover(text, 2, { eventType }), shared.hover(text, 1, { eventType }));
  assert.deepEqual(
    shared.complete(text, 999, { eventType }),
    shared.complete(text, text.length, { eventType }),
  );
  assert.equal(
    shared.complete(text, -5, { eventType })?.start,
    shared.complete(text, 0, { eventType })?.start,
  );
});

test("of a text given as bytes positions are bytes", () => {
  const document = shared.open({ eventType }, new TextEncoder().encode('"é" == new.curency'));
  assert.deepEqual(document.check().diagnostics[0].span, { start: 8, end: 19 });
  document.setText(Uint8Array.of(0xff));
  assert.equal(document.check().diagnostics[0].code, "invalid-utf8");
  document.close();
});

/* Numbers, which become text and are read outside of the module */

test("numbers are exact both ways", () => {
  const numbers = [
    0.1,
    0.30000000000000004,
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    123456789012345.67,
    9007199254740993,
    1e21,
    1e-7,
    0.1 + 0.7,
    4.35,
    1 / 3,
  ];
  for (let i = 0; i < 500; i++)
    numbers.push(Math.random() * 10 ** Math.floor(Math.random() * 40 - 20));
  for (const number of numbers) {
    const event = { new: { amount: number } };
    // The language has no exponents.
    const literal = /e/.test(String(number)) ? "new.amount" : String(number);
    const { value, parts } = shared.evaluate(`new.amount == ${literal}`, event, { eventType });
    assert.equal(value, true, literal);
    assert.deepEqual(
      parts.slice(0, 2).map((part) => part.value),
      [number, number],
    );
  }
});

test("rounding sees the shortest decimal", () => {
  for (const [number, places, rounded] of [
    [1.005, 2, 1.01],
    [2.675, 2, 2.68],
    [1234.5678, 2, 1234.57],
    [1250, -2, 1300],
    [-2.5, 0, -3],
    [5e-324, 2, 0],
    [1e300, 2, 1e300],
    [0.1 + 0.2, 17, 0.30000000000000004],
  ]) {
    const text = `Math.round(new.amount, ${places}) == 1`;
    const { parts } = shared.evaluate(text, { new: { amount: number } }, { eventType });
    const [{ value }] = parts.filter(({ start, end }) => start === 0 && end < text.length);
    assert.equal(value, rounded, `${number} to ${places} places`);
  }
});

test("an integer that binary64 rounds is told with all its digits", () => {
  const [found] = shared.check("new.amount == 123456789012345678901234567890", {
    eventType,
  }).diagnostics;
  assert.match(found.message, /123456789012345677877719597056/);
});

/* Event types and field lists */

test("the built-in types, one of them, and none", async () => {
  assert.ok(shared.eventTypes().length > 100);
  const type = shared.eventType("configuration.commitment.created");
  assert.equal(type.provenance, "published");
  assert.deepEqual(
    type.fields.find(({ path }) => path === "new.amount"),
    { path: "new.amount", word: "double", type: "Number" },
  );
  assert.equal(shared.eventType("no.such"), null);
  assert.deepEqual((await Evcalc.load({ builtin: false })).eventTypes(), []);
});

test("a type that is not known is told with the closest", () => {
  assert.throws(
    () => shared.check("true", { eventType: "configuration.comitment.updated" }),
    (error) =>
      error instanceof EvcalcError &&
      error.code === "unknown-event-type" &&
      /did you mean configuration\.commitment\.updated\?/.test(error.message),
  );
  assert.throws(() => shared.check("true", { allow: ["no-such-code"] }), { code: "unknown-code" });
  assert.equal(shared.check("true", {}).valid, true); // options of the failed ones are forgotten
});

test("a field list replaces a type, also under open documents", async () => {
  const own = await Evcalc.load();
  const document = own.open({ eventType }, "new.fresh > 1");
  assert.equal(document.check().valid, false);
  assert.equal(own.check("new.fresh > 1", { eventType }).valid, false);
  own.addFields({ events: { [eventType]: { "new.fresh": "double" } } });
  assert.equal(document.check().valid, true);
  assert.equal(own.check("new.fresh > 1", { eventType }).valid, true);
  assert.equal(document.evaluate({ new: { fresh: 2 } }).value, true);
  own.addFields('{"events": ["scheduled.bill.overdue"]}');
  assert.equal(own.eventType("scheduled.bill.overdue").provenance, "name-only");
  own.addFields({ events: [eventType] });
  assert.equal(
    own.eventType(eventType).provenance,
    "loaded",
    "a name that is known keeps its fields",
  );
  const warnings = own.addFields({ events: { "a.b": { "new.x": "quaternion" } } });
  assert.deepEqual(
    warnings.map(({ code, severity }) => [code, severity]),
    [["type-word-unknown", "load-warning"]],
  );
});

test("what is no field list is told, and nothing is added", async () => {
  const own = await Evcalc.load({ builtin: false });
  for (const [list, code] of [
    ["{", "json-malformed"],
    ["[]", "json-shape"],
    ["{}", "json-shape"],
    ['{"events": 1}', "json-shape"],
    ['{"events": {"a.b": {"new.x": "int"}, "c.d": {"new.y": 1}}}', "json-shape"],
    ['{"events": {"a.b": []}}', "json-shape"],
    ['{"events": ["a.b", 2]}', "json-shape"],
  ])
    assert.throws(() => own.addFields(list), { name: "EvcalcError", code }, list);
  assert.deepEqual(own.eventTypes(), []);
});

/* Events */

const ask = (text, event, options) => shared.evaluate(text, event, { eventType, ...options });

test("what is no event is told", () => {
  for (const [event, code] of [
    ["{", "json-malformed"],
    [[], "json-shape"],
    [null, "json-shape"],
    [5, "json-shape"],
    [{ eventName: 5 }, "json-shape"],
    [{ eventName: "billing.bill.created" }, "event-type-mismatch"],
    [{ new: 5 }, "json-shape"],
    [{ m3terEvent: [] }, "json-shape"],
    [{ m3terEvent: { eventData: { newDto: "x" } } }, "json-shape"],
  ])
    assert.throws(
      () => ask("new.amount > 1", event),
      { name: "EvcalcError", code },
      JSON.stringify(event),
    );
  assert.throws(() => shared.evaluate("true", {}, {}), { code: "unknown-event-type" });
});

test("three ways in which an evaluation ends", () => {
  const ok = ask('new.currency == "é😀" AND new.amount > 1', {
    new: { currency: "é😀", amount: 2 },
  });
  assert.deepEqual([ok.status, ok.value, ok.error], ["ok", true, null]);
  assert.deepEqual(
    ok.parts.map(({ value }) => value),
    ["é😀", "é😀", true, 2, 1, true, true],
  );
  const failed = ask('"😀" != new.currency AND 1 / new.amount > 1', { new: { amount: 0 } });
  assert.deepEqual(
    [failed.status, failed.value, failed.error.code],
    ["failed", null, "division-by-zero"],
  );
  assert.deepEqual(failed.error.span, { start: 29, end: 39 });
  assert.equal(failed.parts.at(-1).evaluated, false);
  const invalid = ask("new.amont > 1", {});
  assert.deepEqual(
    [invalid.status, invalid.error.code, invalid.parts],
    ["invalid", "unknown-field", []],
  );
});

test("an event's values go from call to call, and none stays", () => {
  assert.equal(ask("new.amount == 5", { new: { amount: 5 } }).value, true);
  assert.equal(ask("new.amount == null", {}).value, true);
  const member = 'new.customFields.tier == "gold"';
  assert.equal(
    ask(member, { new: { customFields: { a: 1, tier: "gold", b: [], c: { d: 1 }, e: null } } })
      .value,
    true,
  );
  assert.equal(ask(member, { new: { customFields: {} } }).value, false);
  assert.equal(ask("new.amount > 1", '{"new": {"amount": 1e999}}').error.code, "value-kind");
  assert.equal(ask("new.amount > 1", '{"new": {"__proto__": {"amount": 5}}}').value, false);
  assert.equal(ask("new.customFields.toString == null", { new: { customFields: {} } }).value, true);
});

test("the example of every type can be read and evaluated", () => {
  for (const { name, fieldCount } of shared.eventTypes()) {
    const event = shared.sampleEvent(name);
    assert.equal(event.eventName, name);
    const result = shared.evaluate("true", JSON.stringify(event), { eventType: name });
    assert.equal(result.value, true);
    for (const { path, type } of shared
      .eventType(name)
      .fields.filter((field) => field.type === "Number" || field.type === "String")) {
      const { parts } = shared.evaluate(`${path} == null`, event, { eventType: name });
      assert.equal(typeof parts[0].value, type.toLowerCase(), `${name} ${path}`);
    }
    assert.ok(fieldCount === 0 || Object.keys(event).length > 1);
  }
});

/* The rest of what is asked */

test("completion, hover, signature, ranges and layout", () => {
  const [first] = shared.complete("new.cur", 7, { eventType }).items;
  assert.deepEqual([first.kind, first.label, first.detail], ["field", "new.currency", "String"]);
  assert.equal(
    shared.complete("Math.ab", 7, { eventType }).items[0].snippet,
    "Math.abs(${1:number})",
  );
  assert.equal(shared.complete("// x", 4, { eventType }), null);
  assert.match(shared.hover("new.amount > 1", 3, { eventType }).markdown, /Number/);
  assert.equal(shared.hover("   ", 1, { eventType }), null);
  const signature = shared.signature("Math.round(1, ", 14, { eventType });
  assert.equal(signature.active, 1);
  assert.equal(
    signature.label.slice(signature.parameters[1].start, signature.parameters[1].end),
    "scale",
  );
  assert.equal(shared.signature("new.amount", 3, { eventType }), null);
  assert.deepEqual(shared.format('a=="é"   AND b').text, 'a == "é" AND b');
  assert.equal(shared.format("a =="), null);
  assert.equal(
    shared.format("aaaa > 1 AND bbbb > 2", { columns: 12 }).text,
    "aaaa > 1\nAND bbbb > 2",
  );
  const document = shared.open({ eventType }, '"😀" == new.currency');
  assert.deepEqual(document.ranges(9).at(-1), { start: 0, end: 20 });
  document.close();
});

test("the edits of a layout make its text", () => {
  const text = '(("😀"==new.currency))   AND\n new.amount>1';
  const { text: wanted, edits } = shared.format(text);
  let made = text;
  for (const { start, end, text: insert } of edits.slice().reverse())
    made = made.slice(0, start) + insert + made.slice(end);
  assert.equal(made, wanted);
});

test("warnings are allowed, denied and limited by options", () => {
  const options = { eventType: "billing.bill.created" };
  const text = 'new.accountId == "x"';
  assert.deepEqual(
    shared.check(text, options).diagnostics.map(({ code }) => code),
    ["derived-fields"],
  );
  assert.equal(shared.check(text, { ...options, allow: ["derived-fields"] }).warnings, 0);
  assert.equal(shared.check(text, { ...options, deny: ["derived-fields"] }).valid, false);
  assert.equal(shared.check(text, { ...options, denyWarnings: true }).valid, false);
  assert.equal(
    shared.check(text, { ...options, limits: { text: 5 } }).diagnostics[0].code,
    "text-too-long",
  );
});

test("the functions of the shared instance answer as its methods do", async () => {
  const options = { eventType };
  const text = "new.amount > Math.abs(1)";
  assert.deepEqual(await evcalc.check(text, options), shared.check(text, options));
  assert.deepEqual(await evcalc.evaluate(text, {}, options), shared.evaluate(text, {}, options));
  assert.deepEqual(await evcalc.complete(text, 5, options), shared.complete(text, 5, options));
  assert.deepEqual(await evcalc.hover(text, 5, options), shared.hover(text, 5, options));
  assert.deepEqual(await evcalc.signature(text, 23, options), shared.signature(text, 23, options));
  assert.deepEqual(await evcalc.tokens(text, options), shared.tokens(text, options));
  assert.deepEqual(await evcalc.format(text, options), shared.format(text, options));
});

test("the README's example gives what it says", async () => {
  const readme = readFileSync(new URL("../../src/editor/web/README.md", import.meta.url), "utf8");
  const [, block] = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  let checked = 0;
  const lines = block
    .split("\n")
    .filter((line) => !/^import|^await load/.test(line))
    .map((line) =>
      line.replace(/^([^/]+);\s+\/\/ (.+)$/, (_, value, wanted) => `same(${value}, ${wanted});`),
    );
  const same = (value, wanted) => {
    assert.deepEqual(value, wanted);
    checked++;
  };
  const names = { ...evcalc, same };
  await new Function(...Object.keys(names), `return (async () => {${lines.join("\n")}})()`)(
    ...Object.values(names),
  );
  assert.equal(checked, 8);
});

/* Memory and time */

test("documents that are closed give their memory back", async () => {
  const module = new WebAssembly.Module(wasm);
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (...given) {
    const instance = new Instance(...given);
    memories.push(instance.exports.memory);
    return instance;
  };
  const own = await Evcalc.load({ wasm: module });
  WebAssembly.Instance = Instance;
  const round = () => {
    for (let i = 0; i < 50; i++) {
      const document = own.open(
        { eventType },
        `${"new.amount > 1 AND ".repeat(i * 4)}new.curency == 2`,
      );
      document.check();
      document.complete(5);
      document.format();
      document.setText("new.amount > 1");
      document.evaluate({ new: { amount: i, customFields: { a: "b".repeat(i) } } });
      document.close();
    }
  };
  round();
  const before = memories[0].buffer.byteLength;
  for (let i = 0; i < 20; i++) round();
  assert.equal(memories[0].buffer.byteLength, before);
});

test("a document that was closed opens itself again", () => {
  const document = shared.open({ eventType }, "new.amount > 1");
  document.close();
  assert.equal(document.check().valid, true);
  document.close();
  document.close();
});

test("the deepest and the longest text leave the module whole", () => {
  for (const text of [
    "(".repeat(60000),
    `${"(".repeat(199)}true${")".repeat(199)}`,
    "-".repeat(65000),
    "😀".repeat(16000),
    `${"new.amount > 1 AND ".repeat(3400)}true`,
    "1 + ".repeat(5000),
    "x".repeat(70000),
  ]) {
    assert.ok(shared.check(text, { eventType }).diagnostics.length < 101);
    shared.format(text);
    shared.complete(text, text.length, { eventType });
  }
  assert.equal(shared.check("new.amount > 1", { eventType }).valid, true);
});

test("each question takes a few milliseconds at most on 5,000 characters", () => {
  const text =
    'new.amountSpent >= new.amount * 0.9 AND new.currency == "USD" OR '.repeat(77).slice(0, 4990) +
    " > 1";
  const document = shared.open({ eventType });
  const questions = {
    "setText and check": () => {
      document.setText(text);
      document.check();
    },
    tokens: () => document.tokens(),
    complete: () => document.complete(2500),
    hover: () => document.hover(2500),
    format: () => document.format(),
  };
  for (const [name, question] of Object.entries(questions)) {
    const times = [];
    for (let i = 0; i < 60; i++) {
      const start = performance.now();
      question();
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[30];
    console.log(`# ${name}, ${text.length} characters: ${median.toFixed(2)} ms`);
    assert.ok(median < 25, `${name} takes ${median} ms`); // generous: machines are busy
  }
  document.close();
});
