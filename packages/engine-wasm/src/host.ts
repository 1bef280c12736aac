import type { KernelHost } from "@dnc/kernel";
import type { InstructionSet } from "./kernel.js";
import { Network } from "./network.js";
import { getRuntime, whyNoRuntime } from "./runtime.js";

/**
 * Returns the host of the kernel for an instruction set; default: as configured, or the fastest that this machine supports.
 *
 * @throws TypeError if WebAssembly, its SIMD or its memory is not available.
 */
export function getHost(requested?: InstructionSet): KernelHost {
  const runtime = getRuntime(requested);
  if (!runtime) throw new TypeError(whyNoRuntime(requested));
  return {
    instructionSet: runtime.kernel.instructionSet,
    createNetwork: (sizes) => new Network(runtime, sizes),
    startThreads: (count) => runtime.threads.start(count),
  };
}
