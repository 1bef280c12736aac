import type { KernelEngine } from "@dnc/core/engine";
import { supports } from "./supports.js";
import { WebGpuTrainer } from "./trainer.js";
import { kernels } from "./unroll-kernel.js";

/** The engine for GPUs: WGSL kernels that run whole networks on the TensorFlow.js backend `webgpu`. */
export const webGpuEngine: KernelEngine = {
  name: "webgpu",
  backends: ["webgpu"],
  kernels,
  supports,
  supportsSizes: () => true,
  createTrainer: (core, options) => new WebGpuTrainer(core, options),
};
