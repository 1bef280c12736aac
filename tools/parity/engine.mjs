/** Selects the backend that computes the cases, and on it the definition or an engine. */
import { registerEngine } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs";
// Internal to the trainer, hence imported by path. Each by itself: select-backend.js imports engine-tfjs.
import { probeCpu } from "../../apps/trainer/dist/backends/cpu.js";
import { probeCuda, probeNode } from "../../apps/trainer/dist/backends/native.js";
import { probeWebGpu } from "../../apps/trainer/dist/backends/webgpu.js";

/** @type {{ backend: string, name: "ops" | "tfjs" | "native" | "wasm" | "webgpu" }} */
export const engine = { backend: "cpu", name: "ops" };

const PROBES = { cpu: probeCpu, webgpu: probeWebGpu, cuda: probeCuda, node: probeNode };

/** The engines of each backend, the default first; `ops` is the definition, step by step. */
const ENGINES = {
  cpu: ["ops", "tfjs", "wasm", "native"],
  webgpu: ["webgpu", "tfjs", "ops"],
  cuda: ["tfjs", "ops"],
  node: ["tfjs", "ops"],
};

/** Instruction sets of the engines that have several. */
const INSTRUCTION_SETS = { wasm: ["simd", "relaxed-simd"], native: ["avx512", "avx2", "neon"] };

/** Values of the program's options. */
export const ENGINE_OPTIONS = {
  backend: Object.keys(PROBES),
  engine: ["ops", "tfjs", "wasm", "native", "webgpu"],
  "instruction-set": Object.values(INSTRUCTION_SETS).flat(),
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
  const sets = INSTRUCTION_SETS[name] ?? [];
  if (instructionSet !== undefined && !sets.includes(instructionSet))
    return `--instruction-set: expected ${sets.join(" or ") || "none"} with engine ${name}, got ${instructionSet}.`;
  const started = await PROBES[backend]();
  if (!started.works) return `--backend ${backend}: ${started.reason}; ${started.fix}.`;
  if (name === "ops" || name === "tfjs") withoutKernels();
  if (name === "tfjs") await import("@dnc/engine-tfjs");
  if (name === "webgpu") await import("@dnc/engine-webgpu");
  if (name === "wasm" || name === "native") {
    const unavailable = await useKernel(name, { threads, instructionSet });
    if (unavailable !== undefined) return unavailable;
  }
  Object.assign(engine, { backend, name });
  return undefined;
}

/** Imports an engine that runs the C kernel, registers it as the only one, and starts its threads. Returns what is wrong, if anything is. */
async function useKernel(name, { threads, instructionSet }) {
  const { [`${name}Engine`]: kernel, ...loaded } = await (name === "wasm"
    ? import("@dnc/engine-wasm")
    : import("@dnc/engine-native"));
  loaded.configureEngine({ threads, instructionSet });
  const reason = loaded.whyUnavailable();
  if (reason !== undefined) return `--engine ${name}: ${reason}.`;
  registerEngine(kernel);
  const ready = await loaded.startThreads(threads);
  return ready < threads ? `--threads: ${threads} were requested, this machine started ${ready}.` : undefined;
}

/**
 * Unregisters the engine with custom kernels, if there is one, so that TensorFlow.js ops compute.
 */
export function withoutKernels() {
  if (tf.getKernel("DncUnroll", tf.getBackend())) tf.unregisterKernel("DncUnroll", tf.getBackend());
}
