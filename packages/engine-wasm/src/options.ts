import { checkObject } from "@dnc/core/engine";
import { MAX_THREADS } from "@dnc/kernel";
import type { InstructionSet } from "./kernel.js";

/** Defaults for how the engine computes. */
export interface EngineOptions {
  /** Largest number of threads, 1 to 32; results do not depend on it; default: one per CPU core, up to 8. */
  threads?: number | undefined;
  /** Instruction set; results differ in their last bits; default: the fastest that the machine supports. */
  instructionSet?: InstructionSet | undefined;
}

let options: EngineOptions = {};

/**
 * Sets the engine's defaults, for the unroll op and for trainers whose options do not override them.
 *
 *     configureEngine({ threads: 4 });
 *     configureEngine({ instructionSet: "simd" }); // threads are back to their default
 *
 * @param given - the new values; an absent option is reset to its default.
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

/** Returns the configured instruction set, if any. */
export function configuredInstructionSet(): InstructionSet | undefined {
  return options.instructionSet;
}

/**
 * Returns the number of threads to use: as configured, otherwise one per CPU core up to 8, beyond which these networks
 * do not get faster.
 */
export function defaultThreads(): number {
  const os = globalThis.process?.getBuiltinModule?.("node:os");
  const cpuCount = os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  return options.threads ?? Math.min(cpuCount, 8);
}
