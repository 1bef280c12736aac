import { checkCount, registerEngine } from "@dnc/core/engine";
import { wasmEngine } from "./engine.js";
import { getRuntime, whyNoRuntime } from "./runtime.js";

export { wasmEngine } from "./engine.js";
export { availableInstructionSets, type InstructionSet } from "./kernel.js";
export { configureEngine, type EngineOptions } from "./options.js";
export { WasmTrainer, type WasmTrainerOptions } from "./trainer.js";

/**
 * Starts threads and waits for them; without this they join in one by one as they become ready.
 *
 * @param count - how many threads are wanted, this one included; there are 32 at most.
 * @returns how many there are: fewer where the machine or the page has no shared memory.
 * @throws RangeError (as a rejection) if `count` is not an integer above 0; TypeError if it is not a number.
 */
export async function startThreads(count: number): Promise<number> {
  checkCount("count", count);
  return (await getRuntime()?.threads.waitUntilReady(count)) ?? 1;
}

/**
 * Says why the engine computes nothing here.
 *
 * @returns a sentence that says what is missing: WebAssembly, its SIMD, or memory for it; undefined where the engine works.
 */
export function whyUnavailable(): string | undefined {
  return whyNoRuntime();
}

// Importing the package is all a user does. Where the engine cannot be had, everything stays as it is.
if (getRuntime()) registerEngine(wasmEngine);
