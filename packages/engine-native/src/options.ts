import type { InstructionSet } from "./addon.js";
import { hosts } from "./hosts.js";

/** Defaults for how the engine computes. */
export interface EngineOptions {
  /** Largest number of threads, 1 to 32; results do not depend on it; default: one per CPU core, up to 8. */
  threads?: number | undefined;
  /** Instruction set; results differ in their last bits; default: the fastest that the machine supports. */
  instructionSet?: InstructionSet | undefined;
}

/**
 * Sets the engine's defaults, for the unroll op and for trainers whose options do not override them.
 *
 *     configureEngine({ threads: 4 });
 *     configureEngine({ instructionSet: "avx2" }); // threads are back to their default
 *
 * @param given - the new values; an absent option is reset to its default.
 * @throws RangeError if `threads` is not an integer from 1 to 32; TypeError for an unknown option or instruction set.
 */
export function configureEngine(given: EngineOptions): void {
  hosts.configure(given);
}
