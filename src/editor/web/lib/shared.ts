/* The instance that the functions of index.ts and editors share. */
import { Evcalc, type LoadOptions } from "./engine.js";

let shared: Promise<Evcalc> | null = null;

/**
 * The instance that the package's functions and editors share, loaded when it is first asked for. Options count only
 * then, so call it first where there are any; a failure is not kept.
 */
export function load(options?: LoadOptions): Promise<Evcalc> {
  shared ??= Evcalc.load(options).catch((error: unknown) => {
    shared = null;
    throw error;
  });
  return shared;
}
