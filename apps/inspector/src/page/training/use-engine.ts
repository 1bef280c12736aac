import versions from "virtual:versions";
import { availableInstructionSets, configureEngine, startThreads, whyUnavailable } from "@dnc/engine-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { RunEngine } from "./trained-run.js";

/** What can compute in a page. */
export type PageEngine = "wasm" | "webgpu";

/** Most threads of the WebAssembly engine; one core is left to the page. */
const MAX_THREADS = 8;

/**
 * Selects what computes in this thread.
 *
 * @throws Error, a sentence, if it does not work in this browser.
 */
export async function useEngine(engine: PageEngine): Promise<RunEngine> {
  return engine === "wasm" ? useWebAssembly() : useWebGpu();
}

async function useWebAssembly(): Promise<RunEngine> {
  const reason = whyUnavailable();
  if (reason !== undefined) throw new Error(`${reason}.`);
  await tf.setBackend("cpu");
  const threads = Math.max(1, Math.min(MAX_THREADS, navigator.hardwareConcurrency));
  configureEngine({ threads });
  await startThreads(threads);
  return { backend: "cpu", engine: "wasm", instructionSet: availableInstructionSets()[0] ?? null, versions };
}

/** The code for WebGPU is loaded only where it is asked for. */
async function useWebGpu(): Promise<RunEngine> {
  if (!(await startWebGpu()))
    throw new Error("WebGPU: expected a device for TensorFlow.js, this browser gives none; choose WebAssembly.");
  return { backend: "webgpu", engine: null, instructionSet: null, versions };
}

/** @returns whether the backend works; if not, the one before stays. */
async function startWebGpu(): Promise<boolean> {
  const before = tf.getBackend();
  await Promise.all([import("@tensorflow/tfjs-backend-webgpu"), import("@dnc/engine-webgpu")]);
  if (await tf.setBackend("webgpu").catch(() => false)) return true;
  await tf.setBackend(before);
  return false;
}
