import { getEngine } from "./engine.js";
import { registerUnroll } from "./unroll-kernel.js";

export { type FusedCore, isCovered } from "./core.js";
export { availableInstructionSets, type InstructionSet } from "./kernel.js";
export { configureEngine, type EngineOptions } from "./options.js";
export { type FusedBatch, type FusedStep, FusedTraining, type FusedTrainingOptions } from "./training.js";

/**
 * Starts threads and waits for them; without this they join in one by one as they become ready.
 *
 * @param count - how many threads are wanted, this one included.
 * @returns how many there are: fewer where the machine or the page has no shared memory.
 */
export async function startThreads(count: number): Promise<number> {
  return (await getEngine()?.threads.started(count)) ?? 1;
}

// Importing the package is all a user does. Where WebAssembly has no SIMD, everything stays as it is.
if (getEngine()) registerUnroll();
