/* What the package offers. */
import type {
  CheckResult,
  CompileOptions,
  Completions,
  EvaluateResult,
  Formatted,
  Hover,
  Signature,
  Token,
} from "./engine.js";
import { load } from "./shared.js";

export * from "./engine.js";
export { EvcalcError, type WasmSource } from "./wire.js";
export type { FieldList } from "./fields.js";
export * from "./codemirror.js";

export { load };

/** {@link Evcalc.check} of the shared instance. */
export async function check(text: string, options?: CompileOptions): Promise<CheckResult> {
  return (await load()).check(text, options);
}

/** {@link Evcalc.evaluate} of the shared instance. */
export async function evaluate(
  text: string,
  event: unknown,
  options: CompileOptions & { eventType: string },
): Promise<EvaluateResult> {
  return (await load()).evaluate(text, event, options);
}

/** {@link Evcalc.complete} of the shared instance. */
export async function complete(
  text: string,
  position: number,
  options?: CompileOptions,
): Promise<Completions | null> {
  return (await load()).complete(text, position, options);
}

/** {@link Evcalc.hover} of the shared instance. */
export async function hover(
  text: string,
  position: number,
  options?: CompileOptions,
): Promise<Hover | null> {
  return (await load()).hover(text, position, options);
}

/** {@link Evcalc.signature} of the shared instance. */
export async function signature(
  text: string,
  position: number,
  options?: CompileOptions,
): Promise<Signature | null> {
  return (await load()).signature(text, position, options);
}

/** {@link Evcalc.tokens} of the shared instance. */
export async function tokens(text: string, options?: CompileOptions): Promise<Token[]> {
  return (await load()).tokens(text, options);
}

/** {@link Evcalc.format} of the shared instance. */
export async function format(
  text: string,
  options?: CompileOptions & { columns?: number },
): Promise<Formatted | null> {
  return (await load()).format(text, options);
}
