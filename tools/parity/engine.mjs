/** Selects the backend that computes the cases, and on it the definition or an engine. */
import * as tf from "@tensorflow/tfjs";
// Internal to the trainer, hence imported by path. Each by itself: select-backend.js imports engine-tfjs.
import { probeCpu } from "../../apps/trainer/dist/backends/cpu.js";
import { probeCuda, probeNode } from "../../apps/trainer/dist/backends/native.js";
import { probeWebGpu } from "../../apps/trainer/dist/backends/webgpu.js";

/** @type {{ backend: string, name: "ops" | "tfjs" | "wasm" | "native" | "webgpu", threads: number }} */
export const engine = { backend: "cpu", name: "ops", threads: 1 };

const PROBES = { cpu: probeCpu, webgpu: probeWebGpu, cuda: probeCuda, node: probeNode };

/** The engines of each backend, the default first; `ops` is the definition, step by step. */
const ENGINES = {
  cpu: ["ops", "tfjs", "wasm", "native"],
  webgpu: ["webgpu", "tfjs", "ops"],
  cuda: ["tfjs", "ops"],
  node: ["tfjs", "ops"],
};

/** Values of the program's options. */
export const ENGINE_OPTIONS = {
  backend: Object.keys(PROBES),
  engine: ["ops", "tfjs", "wasm", "native", "webgpu"],
  "instruction-set": ["simd", "relaxed-simd", "avx512", "avx2", "neon"],
  threads: undefined,
};

/**
 * Starts the backend, and uses its engine from now on, if requested.
 *
 * @param {Record<string, string>} options - options by the names of `ENGINE_OPTIONS`.
 * @returns {Promise<string | undefined>} an error message, if something is wrong.
 */
export async function selectEngine(options) {
  const { backend = options.engine === "webgpu" ? "webgpu" : "cpu" } = options;
  const { engine: name = ENGINES[backend][0], threads: count = "1", "instruction-set": instructionSet } = options;
  const threads = Number(count);
  if (!Number.isInteger(threads) || threads < 1) return `--threads: expected a positive integer, got ${count}.`;
  if (!ENGINES[backend].includes(name))
    return `--engine: expected ${ENGINES[backend].join(" or ")} on ${backend}, got ${name}.`;
  const started = await PROBES[backend]();
  if (!started.works) return `--backend ${backend}: ${started.reason}; ${started.fix}.`;
  if (name === "ops" || name === "tfjs") withoutKernels();
  if (name === "tfjs") await import("@dnc/engine-tfjs");
  if (name === "webgpu") await import("@dnc/engine-webgpu");
  if (name === "wasm" || name === "native") {
    const kernel = await (name === "wasm" ? import("@dnc/engine-wasm") : import("@dnc/engine-native"));
    kernel.configureEngine({ threads, ...(instructionSet === undefined ? {} : { instructionSet }) });
    const missing = kernel.whyUnavailable();
    if (missing !== undefined) return `--engine ${name}: ${missing}.`;
    const ready = await kernel.startThreads(threads);
    if (ready < threads) return `--threads: ${threads} were requested, this machine started ${ready}.`;
  }
  Object.assign(engine, { backend, name, threads });
  return undefined;
}

/**
 * Unregisters the engine with custom kernels, which starting the backend has imported, so that TensorFlow.js ops
 * compute.
 */
export function withoutKernels() {
  if (tf.getKernel("DncUnroll", tf.getBackend())) tf.unregisterKernel("DncUnroll", tf.getBackend());
}
