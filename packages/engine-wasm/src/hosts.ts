import { type KernelHost, KernelHosts } from "@dnc/kernel";
import { INSTRUCTION_SETS, type InstructionSet } from "./kernel.js";
import { Network } from "./network.js";
import { findRuntime, type Runtime } from "./runtime.js";

/** The kernel in WebAssembly. */
export interface WasmHost extends KernelHost {
  readonly runtime: Runtime;
}

/** The engine's hosts, one for each instruction set. */
export const hosts = new KernelHosts<InstructionSet, WasmHost>({
  hostName: "WebAssembly",
  instructionSets: INSTRUCTION_SETS,
  find(instructionSet) {
    const runtime = findRuntime(instructionSet);
    return typeof runtime === "string" ? runtime : createHost(runtime);
  },
  countCores() {
    const os = globalThis.process?.getBuiltinModule?.("node:os");
    return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  },
  checkConfigured(value) {
    if (INSTRUCTION_SETS.includes(value as InstructionSet)) return;
    throw new TypeError(`instructionSet: expected "simd" or "relaxed-simd", got ${JSON.stringify(value)}`);
  },
});

function createHost(runtime: Runtime): WasmHost {
  return {
    runtime,
    instructionSet: runtime.kernel.instructionSet,
    createNetwork: (sizes) => new Network(runtime, sizes),
    startThreads: (count) => runtime.threads.start(count),
  };
}
