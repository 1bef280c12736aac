import type { KernelEngine } from "@dnc/core/engine";
import { supports } from "./supports.js";
import { WebGpuTrainer } from "./trainer.js";
import { kernels } from "./unroll-kernel.js";

/** The engine for GPUs: whole networks as WGSL kernels on TensorFlow.js's backend `webgpu`. */
export const webGpuEngine: KernelEngine = {
  name: "webgpu",
  backends: ["webgpu"],
  kernels,
  supports,
  createTrainer: (core, options) => new WebGpuTrainer(core, options),
};
