import type { KernelEngine } from "@dnc/core/engine";
import { createKernelEngine } from "@dnc/kernel";
import { hosts } from "./hosts.js";
import { NativeTrainer } from "./trainer.js";

/** The engine for the CPU of this machine: the kernel in machine code, on one or more threads. */
export const nativeEngine: KernelEngine = createKernelEngine(
  "native",
  hosts,
  (core, options) => new NativeTrainer(core, options),
);
