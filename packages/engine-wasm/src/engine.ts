import type { KernelEngine } from "@dnc/core/engine";
import { supports } from "./supports.js";
import { WasmTrainer } from "./trainer.js";
import { kernels } from "./unroll-kernel.js";

/** The engine for the CPU: whole networks as one WebAssembly kernel with SIMD, on one or more threads. */
export const wasmEngine: KernelEngine = {
  name: "wasm",
  // Their tensors can be read and written at once, so that the kernel can work on them.
  backends: ["cpu", "wasm", "tensorflow"],
  kernels,
  supports: (config, options) => supports(config, options),
  createTrainer: (core, options) => new WasmTrainer(core, options),
};
