/** What computes the cases: a backend, and on it TensorFlow.js ops or the fused engine where that takes part. */
import * as tf from "@tensorflow/tfjs";
// Not for users, hence by its place: how the trainer starts a backend.
import { BACKEND_NAMES, probeBackend } from "../../apps/trainer/dist/backends/select-backend.js";

/** @type {{ backend: string, name: "ops" | "wasm" | "webgpu", threads: number }} */
export const engine = { backend: "cpu", name: "ops", threads: 1 };

/** What there is on each backend, the one that is meant first. */
const ENGINES = { cpu: ["ops", "wasm"], webgpu: ["webgpu", "ops"], cuda: ["ops"], node: ["ops"] };

/** Values of the program's options. */
export const ENGINE_OPTIONS = {
  backend: BACKEND_NAMES,
  engine: ["ops", "wasm", "webgpu"],
  "instruction-set": ["simd", "relaxed-simd"],
  threads: undefined,
};

/**
 * Starts the backend, and makes its fused engine compute from now on, if that is asked for.
 *
 * @param {Record<string, string>} options - by the names of `ENGINE_OPTIONS`.
 * @returns {Promise<string | undefined>} what is wrong, if anything.
 */
export async function selectEngine({ backend = "cpu", engine: name = ENGINES[backend][0], ...options }) {
  const { threads: count = "1", "instruction-set": instructionSet } = options;
  const threads = Number(count);
  if (!Number.isInteger(threads) || threads < 1) return `--threads: expected a positive integer, got ${count}.`;
  if (!ENGINES[backend].includes(name))
    return `--engine: expected ${ENGINES[backend].join(" or ")} on ${backend}, got ${name}.`;
  const started = await probeBackend(backend);
  if (!started.works) return `--backend ${backend}: ${started.reason}; ${started.fix}.`;
  if (name === "ops") {
    await import("@dnc/engine-tfjs");
    withoutKernels();
  }
  if (name === "webgpu") await import("@dnc/engine-webgpu");
  if (name === "wasm") {
    const wasm = await import("@dnc/engine-wasm");
    wasm.configureEngine({ threads, ...(instructionSet === undefined ? {} : { instructionSet }) });
    const ready = await wasm.startThreads(threads);
    if (ready < threads) return `--threads: ${threads} were asked for, this machine started ${ready}.`;
  }
  Object.assign(engine, { backend, name, threads });
  return undefined;
}

/** Leaves the current backend to TensorFlow.js ops: starting it has imported the engine with kernels of its own. */
export function withoutKernels() {
  if (tf.getKernel("DncUnroll", tf.getBackend())) tf.unregisterKernel("DncUnroll", tf.getBackend());
}
