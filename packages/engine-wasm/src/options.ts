import { checkObject } from "@dnc/core/engine";
import type { InstructionSet } from "./kernel.js";
import { MAX_THREADS } from "./threads.js";

/** How the engine computes where nothing else is said. */
export interface EngineOptions {
  /** At most so many threads, 1 to 32; one a processor, up to 8. Results do not depend on it. */
  threads?: number | undefined;
  /** Which instructions compute; the best that the machine has. Results differ in their last bits. */
  instructionSet?: InstructionSet | undefined;
}

let options: EngineOptions = {};

/**
 * Sets how the engine computes from now on, in the registered kernel and wherever training is not told otherwise.
 *
 * @param given - what is left out goes back to its default.
 * @throws RangeError if `threads` is not an integer from 1 to 32; TypeError for an unknown option or instruction set.
 */
export function configureEngine(given: EngineOptions): void {
  checkObject("options", given);
  const { threads, instructionSet, ...rest } = given;
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined) throw new TypeError(`options: unknown key "${name}"`);
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0 && threads <= MAX_THREADS))
    throw new RangeError(`threads: expected an integer from 1 to ${MAX_THREADS}, got ${threads}`);
  if (instructionSet !== undefined && instructionSet !== "simd" && instructionSet !== "relaxed-simd")
    throw new TypeError(`instructionSet: expected "simd" or "relaxed-simd", got ${JSON.stringify(instructionSet)}`);
  options = {
    ...(threads === undefined ? {} : { threads }),
    ...(instructionSet === undefined ? {} : { instructionSet }),
  };
}

/** The instruction set that was asked for, if one was. */
export function configuredInstructionSet(): InstructionSet | undefined {
  return options.instructionSet;
}

/** How many threads are wanted: as configured, or one a processor, at most 8: more do not help networks of this size. */
export function defaultThreads(): number {
  const os = globalThis.process?.getBuiltinModule?.("node:os");
  const processors = os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return options.threads ?? Math.min(processors, 8);
}
