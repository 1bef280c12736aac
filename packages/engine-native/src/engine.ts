import type { KernelEngine } from "@dnc/core/engine";
import { createUnrollKernels } from "@dnc/kernel";
import { getHost } from "./host.js";
import { defaultThreads } from "./options.js";
import { supports } from "./supports.js";
import { NativeTrainer } from "./trainer.js";

/** The engine for the CPU of this machine: the kernel in machine code, on one or more threads. */
export const nativeEngine: KernelEngine = {
  name: "native",
  // The tensors of these backends can be read and written synchronously.
  backends: ["cpu", "wasm", "tensorflow"],
  kernels: createUnrollKernels(() => getHost(), defaultThreads),
  supports: (config, options) => supports(config, options),
  supportsSizes: () => true,
  createTrainer: (core, options) => new NativeTrainer(core, options),
};
