/* The WebAssembly module: loading it, writing what it is called with, reading what it answers. The
 ** other side is web.c, whose comments say what each function takes and gives. */

/** What went wrong outside of a calculation: a program's mistake, or an input that cannot be read. */
export class EvcalcError extends Error {
  override readonly name = "EvcalcError";
  constructor(
    /** A diagnostic code of the library, e.g. `unknown-event-type`, `json-shape`, `out-of-memory`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const OK = 0;
export const INVALID = 1;
export const NOT_FOUND = 2;
export const EVALUATION = 4;
const OUT_OF_MEMORY = 6;

type Pointer = number;
type Call = (...numbers: number[]) => number;

/** The functions of web.c, by their names without `web_`. */
type Functions = Record<
  | "new"
  | "free"
  | "input"
  | "output"
  | "output_size"
  | "type_field"
  | "type_end"
  | "types"
  | "type"
  | "suggest"
  | "option"
  | "open"
  | "close"
  | "set_text"
  | "report"
  | "token_class"
  | "tokens"
  | "complete"
  | "hover"
  | "signature"
  | "ranges"
  | "format"
  | "event_clear"
  | "event_set"
  | "event_member"
  | "evaluate",
  Call
>;

/** Where the module comes from. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The fields of an answer, one after the other. */
export class Reader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(): number {
    const number = this.view.getUint32(this.at, true);
    this.at += 4;
    return number;
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  float(): number {
    const number = this.view.getFloat64(this.at, true);
    this.at += 8;
    return number;
  }

  optional(): string | null {
    const length = this.number();
    if (length === 0xffffffff) return null;
    const text = decoder.decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }

  text(): string {
    return this.optional() ?? "";
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.number() }, item);
  }
}

/** An instance of the module with one session in it. */
export class Wire {
  private readonly functions: Functions;
  private readonly memory: WebAssembly.Memory;
  private readonly session: Pointer;

  constructor(module: WebAssembly.Module, builtin: boolean) {
    const instance = new WebAssembly.Instance(module, {
      evcalc: {
        digits: (number: number, precision: number, out: Pointer): number => {
          const digits =
            precision === 0 ? BigInt(number).toString() : number.toExponential(precision - 1);
          return encoder.encodeInto(digits, new Uint8Array(this.memory.buffer, out)).written;
        },
        read: (text: Pointer, length: number): number =>
          Number(decoder.decode(new Uint8Array(this.memory.buffer, text, length))),
      },
    });
    const named = Object.entries(instance.exports).map(([name, value]) => [
      name.replace(/^web_/, ""),
      value,
    ]);
    this.functions = Object.fromEntries(named) as Functions;
    this.memory = instance.exports["memory"] as WebAssembly.Memory;
    this.session = this.functions.new(builtin ? 1 : 0);
    if (this.session === 0) throw outOfMemory();
  }

  /** Write the texts of the next call, one behind the other; their lengths. */
  write(...texts: (string | Uint8Array)[]): number[] {
    const all = texts.map((text) => (typeof text === "string" ? encoder.encode(text) : text));
    const size = all.reduce((sum, bytes) => sum + bytes.length, 0);
    let at = this.functions.input(this.session, Math.max(1, size));
    if (at === 0) throw outOfMemory();
    const memory = new Uint8Array(this.memory.buffer);
    for (const bytes of all) {
      memory.set(bytes, at);
      at += bytes.length;
    }
    return all.map((bytes) => bytes.length);
  }

  /** Call a function on the session; its status. */
  onSession(name: keyof Functions, ...numbers: number[]): number {
    return this.on(this.session, name, ...numbers);
  }

  /** Call a function on a document; its status. */
  on(document: Pointer, name: keyof Functions, ...numbers: number[]): number {
    const status = this.functions[name](document, ...numbers);
    if (status === OUT_OF_MEMORY) throw outOfMemory();
    return status;
  }

  /** The answer of the last call. It is a copy: the memory is the module's. */
  answer(): Reader {
    const start = this.functions.output(this.session);
    const size = this.functions.output_size(this.session);
    return new Reader(new Uint8Array(this.memory.buffer).slice(start, start + size));
  }

  /** Open a document; 0 where there is no such Event type. */
  open(eventType: string | null): Pointer {
    const [length] = eventType === null ? [0] : this.write(eventType);
    return this.functions.open(this.session, eventType === null ? 0 : 1, length!);
  }

  close(document: Pointer): void {
    this.functions.close(document);
  }
}

function outOfMemory(): EvcalcError {
  return new EvcalcError("out-of-memory", "out of memory");
}

/** Compile the module. */
export async function compileWasm(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === "string" || source instanceof URL) {
    const url = String(source);
    if (url.startsWith("file:") && typeof process === "object") {
      // For Node, whose fetch does not read files. No bundler may look for it.
      const fs = "node:fs/promises";
      const { readFile } = (await import(
        /* @vite-ignore */ fs
      )) as typeof import("node:fs/promises");
      return WebAssembly.compile(new Uint8Array(await readFile(new URL(url))));
    }
    return compileWasm(await fetch(url));
  }
  if (typeof Response === "function" && source instanceof Response) {
    if (!source.ok)
      throw new EvcalcError("wasm", `${source.url} cannot be loaded: HTTP ${source.status}`);
    return WebAssembly.compile(await source.arrayBuffer());
  }
  return WebAssembly.compile(source as BufferSource);
}
