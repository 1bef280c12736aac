/**
 * The columns of the table: the engines. A new engine adds one entry here; docs/guide/extending.md lists
 * the other places that name engines.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { registerEngine, whyNoSizes } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs";
import { root } from "../../pnpm.mjs";

/**
 * @typedef {object} Column
 * @property {string} backend - TensorFlow.js backend.
 * @property {() => Promise<import("@dnc/core/engine").Engine>} load - imports the engine.
 * @property {() => Promise<import("@dnc/core/engine").Engine>} [listed] - the engine with the answers for the page, which is the same on
 *   every machine; default: `load`.
 * @property {() => Promise<string | undefined>} [whyUnavailable] - why the engine cannot run here although its backend can;
 *   default: it can.
 * @property {readonly RegExp[]} refuses - beginnings of the reasons for which it may refuse a network or a training.
 * @property {boolean} [trains] - whether it has a trainer; default: true. The op of an engine without one is trained by
 *   `@dnc/training`.
 * @property {(index: number) => boolean} [reads] - rows to compute; default: all. If compiling a network takes seconds,
 *   a few rows with every controller, number of heads and clipping. `supports` is tested on all rows.
 */

/** @type {Record<string, Column>} */
export const COLUMNS = {
  tfjs: {
    backend: "cpu",
    load: async () => (await import("@dnc/engine-tfjs")).tfjsEngine,
    refuses: [/^(controller|writeHeads|clipValue|access|memory(\.\w+)?): /],
    trains: false,
  },
  wasm: {
    backend: "cpu",
    load: async () => (await import("@dnc/engine-wasm")).wasmEngine,
    refuses: [/^(controller: .+ got a function|access: )/],
  },
  native: {
    backend: "cpu",
    load: async () => (await import("@dnc/engine-native")).nativeEngine,
    // Without its binary it supports nothing. A test compares this with what it answers where it runs.
    listed: async () => ({
      ...(await import("@dnc/engine-native")).nativeEngine,
      supports: (config) => whyNoSizes(config) ?? true,
    }),
    whyUnavailable: async () => (await import("@dnc/engine-native")).whyUnavailable(),
    refuses: [/^(controller: .+ got a function|access: )/],
  },
  webgpu: {
    backend: "webgpu",
    load: async () => (await import("@dnc/engine-webgpu")).webGpuEngine,
    refuses: [/^(controller: .+ got a function|access: |memory\.initialMemory: expected 0, )/],
    reads: (index) => [1, 4, 7, 17].includes(index),
  },
};

/** Imports the engines as the page lists them. @returns engines by name. */
export async function listedEngines() {
  const engines = new Map();
  for (const [name, { load, listed = load }] of Object.entries(COLUMNS)) engines.set(name, await listed());
  return engines;
}

/** Imports the engine of a column and registers it as the only one on its backend. */
export async function loadAlone({ backend, load }) {
  const engine = await load();
  for (const kernel of ["DncUnroll", "DncUnrollGradient", "DncUnrollOps"])
    if (tf.getKernel(kernel, backend)) tf.unregisterKernel(kernel, backend);
  registerEngine(engine);
  return engine;
}

/** Whether a backend is available; if so, it can be set from now on. */
export async function hasBackend(name) {
  if (name !== "webgpu") return true;
  const { create, globals } = await import(
    pathToFileURL(createRequire(join(root, "packages/engine-webgpu/package.json")).resolve("webgpu")).href
  );
  const software = "/usr/lib/chromium/vk_swiftshader_icd.json";
  if (!process.env.VK_ICD_FILENAMES && existsSync(software)) process.env.VK_ICD_FILENAMES = software;
  Object.assign(globalThis, globals);
  // What takes SwiftShader long to compile: clearing a workgroup's memory without a loop, and bounds checks, which the
  // reference cases have.
  const gpu = create([
    "disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension",
    "enable-dawn-features=disable_robustness",
  ]);
  // From version 21 on Node has its own navigator, a getter. Dawn must outlive everything created from it.
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  if (!(await gpu.requestAdapter())) return false;
  await import("@tensorflow/tfjs-backend-webgpu");
  return tf.findBackendFactory("webgpu") !== null;
}
