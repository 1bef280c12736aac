/** The columns of the table: whatever computes whole networks. An engine adds one entry here. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { registerEngine } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs";
import { root } from "../../pnpm.mjs";

/**
 * @typedef {object} Column
 * @property {string} backend - of TensorFlow.js.
 * @property {() => Promise<import("@dnc/core/engine").Engine>} load - imports the engine.
 * @property {readonly string[]} refuses - what of a configuration it may refuse.
 * @property {boolean} [trains] - whether it has a trainer; true. The op of an engine without one is trained by `@dnc/training`.
 * @property {(index: number) => boolean} [reads] - the rows that are computed; all. Where a network takes seconds to compile, a
 *   few that have every controller, number of heads and clipping. What is refused is asked of all rows.
 */

/** @type {Record<string, Column>} */
export const COLUMNS = {
  tfjs: {
    backend: "cpu",
    load: async () => (await import("@dnc/engine-tfjs")).tfjsEngine,
    refuses: ["controller", "writeHeads", "clipValue"],
    trains: false,
  },
  wasm: {
    backend: "cpu",
    load: async () => (await import("@dnc/engine-wasm")).wasmEngine,
    refuses: ["controller"],
  },
  webgpu: {
    backend: "webgpu",
    load: async () => (await import("@dnc/engine-webgpu")).webGpuEngine,
    refuses: ["controller"],
    reads: (index) => [1, 8, 20, 28].includes(index),
  },
};

/** Imports the engine of a column, and makes it and no other compute on its backend. */
export async function loadAlone({ backend, load }) {
  const engine = await load();
  for (const kernel of ["DncUnroll", "DncUnrollGradient", "DncUnrollOps"])
    if (tf.getKernel(kernel, backend)) tf.unregisterKernel(kernel, backend);
  registerEngine(engine);
  return engine;
}

/** Whether a backend can be had here; if so, it can be set from now on. */
export async function hasBackend(name) {
  if (name !== "webgpu") return true;
  const { create, globals } = await import(
    pathToFileURL(createRequire(join(root, "packages/engine-webgpu/package.json")).resolve("webgpu")).href
  );
  const software = "/usr/lib/chromium/vk_swiftshader_icd.json";
  if (!process.env.VK_ICD_FILENAMES && existsSync(software)) process.env.VK_ICD_FILENAMES = software;
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Node has a navigator of its own from version 21 on, as a getter. Dawn must outlive everything made from it.
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  if (!(await gpu.requestAdapter())) return false;
  await import("@tensorflow/tfjs-backend-webgpu");
  return tf.findBackendFactory("webgpu") !== null;
}
