import type { OpsEngine } from "@dnc/core/engine";
import { ops } from "./ops.js";
import { supports } from "./supports.js";

/** The engine for every backend of TensorFlow.js: whole sequences as one op of its kernels. */
export const tfjsEngine: OpsEngine = {
  name: "tfjs",
  backends: ["cpu", "wasm", "webgl", "webgpu", "tensorflow"],
  ops,
  supports: (config) => supports(config),
};
