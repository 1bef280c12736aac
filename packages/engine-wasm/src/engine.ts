import type { KernelEngine } from "@dnc/core/engine";
import { createUnrollKernels } from "@dnc/kernel";
import { getHost } from "./host.js";
import { defaultThreads } from "./options.js";
import { supports } from "./supports.js";
import { WasmTrainer } from "./trainer.js";

/** The engine for the CPU: a WebAssembly kernel with SIMD that runs whole networks on one or more threads. */
export const wasmEngine: KernelEngine = {
  name: "wasm",
  // The tensors of these backends can be read and written synchronously.
  backends: ["cpu", "wasm", "tensorflow"],
  kernels: createUnrollKernels(() => getHost(), defaultThreads),
  supports: (config, options) => supports(config, options),
  supportsSizes: () => true,
  createTrainer: (core, options) => new WasmTrainer(core, options),
};
