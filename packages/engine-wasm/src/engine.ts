import type { KernelEngine } from "@dnc/core/engine";
import { createKernelEngine } from "@dnc/kernel";
import { hosts } from "./hosts.js";
import { WasmTrainer } from "./trainer.js";

/** The engine for the CPU: a WebAssembly kernel with SIMD that runs whole networks on one or more threads. */
export const wasmEngine: KernelEngine = createKernelEngine(
  "wasm",
  hosts,
  (core, options) => new WasmTrainer(core, options),
);
