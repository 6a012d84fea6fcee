/* The library as objects: Event types, texts that are being written, and answers about them. */
import { EncodedText } from "./offsets.js";
import { Kind, given, readEvent, sampleEvent } from "./events.js";
import { isObject, readFieldList, type FieldList } from "./fields.js";
import {
  EVALUATION,
  EvcalcError,
  INVALID,
  NOT_FOUND,
  OK,
  Wire,
  compileWasm,
  type Reader,
  type WasmSource,
} from "./wire.js";

/** A range of UTF-16 units, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** Replace a range by a text. */
export interface Edit extends Span {
  text: string;
}

/** One way to mend a mistake: edits in ascending order that do not overlap. */
export interface Fix {
  title: string;
  /** It only changes a spelling; any other is a guess that a person should confirm. */
  safe: boolean;
  edits: Edit[];
}

/** A second place that matters. */
export interface Label extends Span {
  text: string;
}

export interface Diagnostic {
  /** Its stable name, e.g. `unknown-field`. */
  code: string;
  severity: "error" | "warning" | "load-warning";
  /** Where it is; null where it is not about a place in the text. */
  span: Span | null;
  /** Of its start, from 1; a column is a code point. */
  line: number;
  column: number;
  /** What is wrong. */
  message: string;
  /** What would be right. */
  help: string | null;
  /** What stands there, in a few words. */
  label: string;
  labels: Label[];
  fixes: Fix[];
}

export interface CheckResult {
  /** There is no error; warnings do not count. */
  valid: boolean;
  /** How many there are in all; at most 100 are described. */
  errors: number;
  warnings: number;
  /** The first error in one line, as the endpoint's `errorMessage`; null where there is none. */
  message: string | null;
  diagnostics: Diagnostic[];
}

/** A part of a calculation and what came out of it. Operands come before what uses them. */
export interface Part extends Span {
  /** Of its value where that is not null. */
  type: string;
  /** The part it is an operand of; of the whole, its own number. */
  parent: number;
  /** False where another part decided or failed first. */
  evaluated: boolean;
  value: number | string | boolean | null;
}

export type EvaluateResult =
  /** The calculation does not compile. */
  | { status: "invalid"; value: null; error: Diagnostic; parts: []; check: CheckResult }
  /** It was evaluated. */
  | { status: "ok"; value: boolean; error: null; parts: Part[]; check: CheckResult }
  /** It failed on this event, e.g. by a division by zero. */
  | { status: "failed"; value: null; error: Diagnostic; parts: Part[]; check: CheckResult };

export interface Completion {
  kind: "field" | "value" | "constant" | "function" | "variable" | "keyword" | "operator";
  type: string;
  /** A value of that type is right in this place. */
  fits: boolean;
  label: string;
  insert: string;
  /** The same with places to fill in, `Math.abs(${1:number})`. */
  snippet: string | null;
  detail: string;
  /** Markdown. */
  documentation: string;
}

export interface Completions extends Span {
  expected: string;
  /** Best first, already filtered by what has been typed. */
  items: Completion[];
}

export interface Hover extends Span {
  type: string;
  markdown: string;
}

export interface Signature {
  /** The function's name in the text. */
  name: Span;
  label: string;
  documentation: string;
  /** Which parameter the position is in; past the last where there are fewer. */
  active: number;
  /** Ranges of the label. */
  parameters: (Span & { documentation: string })[];
}

export interface Token extends Span {
  kind: TokenClass;
}

/** The classes of tokens, as the library names them. */
export type TokenClass =
  | "number"
  | "string"
  | "escape"
  | "keyword"
  | "constant"
  | "field"
  | "variable"
  | "function"
  | "operator"
  | "punctuation"
  | "error";

export interface Formatted {
  text: string;
  edits: Edit[];
}

export interface EventTypeInfo {
  name: string;
  /** How sure the field list is: published, inferred, derived, name-only or loaded. */
  provenance: string;
  fieldCount: number;
}

export interface Field {
  path: string;
  /** The field list's type word, e.g. `double`. */
  word: string;
  type: string;
}

export interface EventType {
  name: string;
  provenance: string;
  fields: Field[];
}

/** How to compile; everything may be left out. */
export interface CompileOptions {
  /** Without one no name of a field is judged, and nothing can be evaluated. */
  eventType?: string | null;
  /** Codes of warnings that are not reported. */
  allow?: readonly string[];
  /** Codes of warnings that are errors; wins over `allow`. */
  deny?: readonly string[];
  denyWarnings?: boolean;
  /** At most so many bytes, levels, parts, arguments of a call; 0 is the default. */
  limits?: { text?: number; depth?: number; nodes?: number; arguments?: number };
}

export interface LoadOptions {
  /** The module; by default `evcalc.wasm` beside this file. */
  wasm?: WasmSource;
  /** Know m3ter's Event types; true by default. */
  builtin?: boolean;
  /** Field lists to add, as text or parsed. */
  fields?: (FieldList | string)[];
}

/** web_option's numbers (web.c). */
const enum Option {
  Allow,
  Deny,
  DenyWarnings,
  LimitText,
  LimitDepth,
  LimitNodes,
  LimitArguments,
}

const severities = ["error", "warning", "load-warning"] as const;

function readDiagnostic(reader: Reader, text: EncodedText): Diagnostic {
  const span = (): Span => ({
    start: text.toUnit(reader.number()),
    end: text.toUnit(reader.number()),
  });
  const code = reader.text();
  const severity = severities[reader.number()] ?? "error";
  const placed = reader.flag();
  const place = span();
  return {
    code,
    severity,
    span: placed ? place : null,
    line: reader.number(),
    column: reader.number(),
    message: reader.text(),
    help: reader.optional(),
    label: reader.text(),
    labels: reader.list(() => ({ ...span(), text: reader.text() })),
    fixes: reader.list(() => ({
      title: reader.text(),
      safe: reader.flag(),
      edits: reader.list(() => ({ ...span(), text: reader.text() })),
    })),
  };
}

function readReport(reader: Reader, text: EncodedText): CheckResult {
  const errors = reader.number();
  return {
    valid: errors === 0,
    errors,
    warnings: reader.number(),
    message: reader.optional(),
    diagnostics: reader.list(() => readDiagnostic(reader, text)),
  };
}

function readPart(reader: Reader, text: EncodedText): Part {
  const part: Part = {
    start: text.toUnit(reader.number()),
    end: text.toUnit(reader.number()),
    type: reader.text(),
    parent: reader.number(),
    evaluated: reader.flag(),
    value: null,
  };
  if (!part.evaluated) return part;
  const kind: Kind = reader.number();
  if (kind === Kind.Number) part.value = reader.float();
  else if (kind === Kind.Boolean) part.value = reader.float() !== 0;
  else if (kind === Kind.String) part.value = reader.text();
  return part;
}

/**
 * The library with its Event types. Get one with {@link Evcalc.load}.
 *
 * Everything it holds is memory of its own WebAssembly instance and goes with the object; only
 * {@link Document}s that are opened by the dozen need to be closed. A `WebAssembly.RuntimeError`
 * out of any method would be a fault of the library; the object must not be used after it.
 */
export class Evcalc {
  /** The names of the classes of tokens, by number. */
  readonly tokenClasses: readonly TokenClass[];
  /** Counts the changes of Event types. */
  private generation = 0;
  private latest: { key: string; document: Document } | null = null;
  private readonly types = new Map<string, EventType>();

  private constructor(private readonly wire: Wire) {
    const classes: TokenClass[] = [];
    while (wire.onSession("token_class", classes.length) === OK)
      classes.push(wire.answer().text() as TokenClass);
    this.tokenClasses = classes;
  }

  /** Load the module and the field lists. */
  static async load(options: LoadOptions = {}): Promise<Evcalc> {
    const source = options.wasm ?? new URL("./evcalc.wasm", import.meta.url);
    const evcalc = new Evcalc(new Wire(await compileWasm(source), options.builtin ?? true));
    for (const list of options.fields ?? []) evcalc.addFields(list);
    return evcalc;
  }

  /**
   * Add a field list, or a list of Event types, as the API returns them, as text or parsed. A type
   * replaces the one of the same name. Throws an {@link EvcalcError}, with nothing added, where it
   * is not one. Returns the warnings about its type words and names.
   */
  addFields(list: FieldList | string): Diagnostic[] {
    const listed = readFieldList(list);
    const known = new Set(this.eventTypes().map((type) => type.name));
    const warnings: Diagnostic[] = [];
    for (const { name, fields } of listed) {
      if (!fields && known.has(name)) continue;
      for (const [path, word] of fields ?? []) {
        const [pathLength, wordLength] = this.wire.write(path, word);
        this.wire.onSession("type_field", pathLength!, wordLength!);
      }
      const [length] = this.wire.write(name);
      this.wire.onSession("type_end", length!, fields ? 0 : 1);
      warnings.push(...readReport(this.wire.answer(), new EncodedText("")).diagnostics);
    }
    this.generation++;
    this.types.clear();
    return warnings;
  }

  /** All Event types in order of name. */
  eventTypes(): EventTypeInfo[] {
    this.wire.onSession("types");
    const reader = this.wire.answer();
    return reader.list(() => ({
      name: reader.text(),
      provenance: reader.text(),
      fieldCount: reader.number(),
    }));
  }

  /** An Event type with its fields; null where there is none of that name. */
  eventType(name: string): EventType | null {
    const known = this.types.get(name);
    if (known) return known;
    const [length] = this.wire.write(name);
    if (this.wire.onSession("type", length!) === NOT_FOUND) return null;
    const reader = this.wire.answer();
    const type = {
      name,
      provenance: reader.text(),
      fields: reader.list(() => ({
        path: reader.text(),
        word: reader.text(),
        type: reader.text(),
      })),
    };
    this.types.set(name, type);
    return type;
  }

  /** An event of that type with a sensible value for every field. */
  sampleEvent(eventType: string): object {
    return sampleEvent(
      eventType,
      (this.eventType(eventType) ?? this.unknownType(eventType)).fields,
    );
  }

  /** Open a text. Throws an {@link EvcalcError} where the Event type or a code is not known. */
  open(options: CompileOptions = {}, text: string | Uint8Array = ""): Document {
    return new Document(this, this.wire, options, text);
  }

  /** @internal The names of types close to one that there is not. */
  unknownType(name: string): never {
    const [length] = this.wire.write(name);
    this.wire.onSession("suggest", length!);
    const reader = this.wire.answer();
    const names = reader.list(() => reader.text());
    const meant = names.length ? `; did you mean ${names[0]}?` : "";
    throw new EvcalcError("unknown-event-type", `unknown Event type '${name}'${meant}`);
  }

  /** @internal */
  currentGeneration(): number {
    return this.generation;
  }

  /** The document that the methods below ask; the last one is kept. */
  private ask(text: string, options: CompileOptions): Document {
    const key = JSON.stringify(options);
    if (this.latest?.key !== key) {
      this.latest?.document.close();
      this.latest = null;
      this.latest = { key, document: this.open(options) };
    }
    if (this.latest.document.text !== text) this.latest.document.setText(text);
    return this.latest.document;
  }

  /** Every error and warning of a calculation. */
  check(text: string, options: CompileOptions = {}): CheckResult {
    return this.ask(text, options).check();
  }

  /** Evaluate a calculation on an event: {@link Document.evaluate}. */
  evaluate(
    text: string,
    event: unknown,
    options: CompileOptions & { eventType: string },
  ): EvaluateResult {
    return this.ask(text, options).evaluate(event);
  }

  /** What can stand at a position; null where nothing can be completed. */
  complete(text: string, position: number, options: CompileOptions = {}): Completions | null {
    return this.ask(text, options).complete(position);
  }

  /** What stands at a position. */
  hover(text: string, position: number, options: CompileOptions = {}): Hover | null {
    return this.ask(text, options).hover(position);
  }

  /** The call whose parentheses a position is in. */
  signature(text: string, position: number, options: CompileOptions = {}): Signature | null {
    return this.ask(text, options).signature(position);
  }

  /** The tokens of a calculation, in order. */
  tokens(text: string, options: CompileOptions = {}): Token[] {
    return this.ask(text, options).tokens();
  }

  /** The canonical layout; null where the text cannot be read. */
  format(text: string, options: CompileOptions & { columns?: number } = {}): Formatted | null {
    const { columns, ...compile } = options;
    return this.ask(text, compile).format(columns);
  }
}

/**
 * A text that is being written: it is read once when it is set, then every question is answered
 * about it, also where it is broken. Positions are of UTF-16 units, as everywhere in JavaScript.
 */
export class Document {
  private handle = 0;
  private generation = -1;
  private encoded = new EncodedText("");

  /** @internal Use {@link Evcalc.open}. */
  constructor(
    private readonly evcalc: Evcalc,
    private readonly wire: Wire,
    private readonly options: CompileOptions,
    text: string | Uint8Array,
  ) {
    this.setText(text);
  }

  get text(): string {
    return this.encoded.text;
  }

  /** Set the text. Given as bytes, which need not be UTF-8, all positions are bytes. */
  setText(text: string | Uint8Array): void {
    this.encoded = new EncodedText(text);
    if (this.handle && this.fresh()) this.read();
    else this.reopen();
  }

  /** Give its memory back. It opens itself again when it is used. */
  close(): void {
    if (this.handle) this.wire.close(this.handle);
    this.handle = 0;
  }

  check(): CheckResult {
    this.call("report");
    return readReport(this.wire.answer(), this.encoded);
  }

  tokens(): Token[] {
    this.call("tokens");
    const reader = this.wire.answer();
    return reader.list(() => ({
      ...this.span(reader),
      kind: this.evcalc.tokenClasses[reader.number()] ?? "error",
    }));
  }

  complete(position: number): Completions | null {
    if (this.call("complete", this.encoded.toByte(position)) !== OK) return null;
    const reader = this.wire.answer();
    return {
      ...this.span(reader),
      expected: reader.text(),
      items: reader.list(() => ({
        kind: reader.text() as Completion["kind"],
        type: reader.text(),
        fits: reader.flag(),
        label: reader.text(),
        insert: reader.text(),
        snippet: reader.optional(),
        detail: reader.text(),
        documentation: reader.text(),
      })),
    };
  }

  hover(position: number): Hover | null {
    if (this.call("hover", this.encoded.toByte(position)) !== OK) return null;
    const reader = this.wire.answer();
    return { ...this.span(reader), type: reader.text(), markdown: reader.text() };
  }

  signature(position: number): Signature | null {
    if (this.call("signature", this.encoded.toByte(position)) !== OK) return null;
    const reader = this.wire.answer();
    const name = this.span(reader);
    const label = reader.text();
    const inLabel = new EncodedText(label);
    return {
      name,
      label,
      documentation: reader.text(),
      active: reader.number(),
      parameters: reader.list(() => ({
        start: inLabel.toUnit(reader.number()),
        end: inLabel.toUnit(reader.number()),
        documentation: reader.text(),
      })),
    };
  }

  /** The ranges around a position, each inside the next, from the word to the whole text. */
  ranges(position: number): Span[] {
    if (this.call("ranges", this.encoded.toByte(position)) !== OK) return [];
    const reader = this.wire.answer();
    return reader.list(() => this.span(reader));
  }

  /** The canonical layout in so many columns, 80 by default; null where the text cannot be read. */
  format(columns = 0): Formatted | null {
    if (this.call("format", columns) === INVALID) return null;
    const reader = this.wire.answer();
    return {
      text: reader.text(),
      edits: reader.list(() => ({ ...this.span(reader), text: reader.text() })),
    };
  }

  /**
   * Evaluate on an event, in the API's full form or the short one (`{"new": {…}, "old": {…}}`), as
   * text or parsed. Throws an {@link EvcalcError} where that is no event of this type; a value of
   * the wrong type in it is a failure of the calculation that reads it.
   */
  evaluate(event: unknown): EvaluateResult {
    const { eventType } = this.options;
    if (!eventType) throw new EvcalcError("unknown-event-type", "evaluating needs an Event type");
    const check = this.check();
    this.fill(event, this.evcalc.eventType(eventType) ?? this.evcalc.unknownType(eventType));
    if (this.call("evaluate") === INVALID) {
      const error = check.diagnostics.find(({ severity }) => severity === "error")!;
      return { status: "invalid", value: null, error, parts: [], check };
    }
    const reader = this.wire.answer();
    const failed = reader.number() === EVALUATION;
    const value = reader.flag();
    const [error] = readReport(reader, this.encoded).diagnostics;
    const parts = reader.list(() => readPart(reader, this.encoded));
    return failed
      ? { status: "failed", value: null, error: error!, parts, check }
      : { status: "ok", value, error: null, parts, check };
  }

  /** Hand the values of an event over, field by field. */
  private fill(event: unknown, type: EventType): void {
    const valueAt = readEvent(event, type.name, new Set(type.fields.map(({ path }) => path)));
    this.call("event_clear");
    for (const [slot, { path }] of type.fields.entries()) {
      const value = valueAt(path);
      const { kind, number, text } = given(value);
      if (kind === Kind.Null) continue;
      if (kind === Kind.Map && isObject(value)) this.fillMembers(value);
      const [length] = kind === Kind.String ? this.wire.write(text) : [number];
      this.call("event_set", slot, kind, length!);
    }
  }

  private fillMembers(map: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(map)) {
      const { kind, number, text } = given(value);
      const [nameLength, textLength] = this.wire.write(name, text);
      const detail = kind === Kind.String ? textLength! : number;
      this.call("event_member", nameLength!, kind, detail);
    }
  }

  private span(reader: Reader): Span {
    return {
      start: this.encoded.toUnit(reader.number()),
      end: this.encoded.toUnit(reader.number()),
    };
  }

  private fresh(): boolean {
    return this.generation === this.evcalc.currentGeneration();
  }

  private call(name: Parameters<Wire["on"]>[1], ...numbers: number[]): number {
    if (!this.handle || !this.fresh()) this.reopen();
    return this.wire.on(this.handle, name, ...numbers);
  }

  private read(): void {
    const [length] = this.wire.write(this.encoded.bytes);
    this.wire.on(this.handle, "set_text", length!);
  }

  private reopen(): void {
    this.close();
    const { eventType = null, allow = [], deny = [], denyWarnings, limits = {} } = this.options;
    this.wire.onSession("option", Option.DenyWarnings, denyWarnings ? 1 : 0);
    this.wire.onSession("option", Option.LimitText, limits.text ?? 0);
    this.wire.onSession("option", Option.LimitDepth, limits.depth ?? 0);
    this.wire.onSession("option", Option.LimitNodes, limits.nodes ?? 0);
    this.wire.onSession("option", Option.LimitArguments, limits.arguments ?? 0);
    const unknown = [
      ...allow.filter((code) => !this.option(Option.Allow, code)),
      ...deny.filter((code) => !this.option(Option.Deny, code)),
    ];
    const handle = this.wire.open(eventType);
    if (!handle) this.evcalc.unknownType(eventType ?? "");
    this.handle = handle;
    this.generation = this.evcalc.currentGeneration();
    this.read();
    if (unknown.length) {
      this.close();
      throw new EvcalcError("unknown-code", `there is no diagnostic '${unknown[0]}'`);
    }
  }

  private option(option: Option, code: string): boolean {
    const [length] = this.wire.write(code);
    return this.wire.onSession("option", option, length!) === OK;
  }
}
