import { checkCount, registerEngine } from "@dnc/core/engine";
import { wasmEngine } from "./engine.js";
import { hosts } from "./hosts.js";

export { wasmEngine } from "./engine.js";
export { availableInstructionSets, type InstructionSet } from "./kernel.js";
export { configureEngine, type EngineOptions } from "./options.js";
export { WasmTrainer, type WasmTrainerOptions } from "./trainer.js";

/**
 * Starts threads and waits until they are ready. Without this call they start on first use and take part as they become
 * ready.
 *
 * @param count - number of threads, including the calling one; more than 32 count as 32.
 * @returns the number of threads that are ready; 1 if the machine or the page has no shared memory.
 * @throws RangeError (as a rejection) if `count` is not an integer above 0; TypeError if it is not a number.
 */
export async function startThreads(count: number): Promise<number> {
  checkCount("count", count);
  return whyUnavailable() === undefined ? hosts.get().runtime.threads.waitUntilReady(count) : 1;
}

/**
 * Explains why the engine is not available.
 *
 * @returns what is missing: WebAssembly, its SIMD, or memory for it; undefined if the engine is available.
 */
export function whyUnavailable(): string | undefined {
  return hosts.whyNone();
}

// Importing the package registers the engine, if it is available.
if (whyUnavailable() === undefined) registerEngine(wasmEngine);
