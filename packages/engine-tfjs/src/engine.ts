import { type OpsEngine, whyNotStandard } from "@dnc/core/engine";
import { ops } from "./ops.js";
import { supports } from "./supports.js";

/** The engine for every TensorFlow.js backend: runs a whole sequence as one op made of TensorFlow.js kernels. */
export const tfjsEngine: OpsEngine = {
  name: "tfjs",
  backends: ["cpu", "wasm", "webgl", "webgpu", "tensorflow"],
  ops,
  supports: (config) => supports(config),
  supportsSizes: (sizes) => whyNotStandard(sizes) ?? true,
};
