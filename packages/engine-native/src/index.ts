import { checkCount, registerEngine } from "@dnc/core/engine";
import { nativeEngine } from "./engine.js";
import { hosts } from "./hosts.js";

export type { InstructionSet } from "./addon.js";
export { nativeEngine } from "./engine.js";
export { availableInstructionSets } from "./hosts.js";
export { configureEngine, type EngineOptions } from "./options.js";
export { NativeTrainer, type NativeTrainerOptions } from "./trainer.js";

/**
 * Starts threads. Without this call they start on first use.
 *
 * @param count - number of threads, including the calling one; more than 32 count as 32.
 * @returns the number of threads that are ready: 1 if the engine is not available, fewer than `count` if the system does not
 *   give them.
 * @throws RangeError (as a rejection) if `count` is not an integer above 0; TypeError if it is not a number.
 */
export async function startThreads(count: number): Promise<number> {
  checkCount("count", count);
  return whyUnavailable() === undefined ? hosts.get().startThreads(count) : 1;
}

/**
 * Explains why the engine is not available.
 *
 * @returns what is missing, in a sentence: a binary for this machine, its package, or instructions of the processor; undefined
 *   if the engine is available.
 */
export function whyUnavailable(): string | undefined {
  return hosts.whyNone();
}

// Importing the package registers the engine, if it is available.
if (whyUnavailable() === undefined) registerEngine(nativeEngine);
