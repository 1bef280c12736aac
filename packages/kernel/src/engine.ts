import { type KernelEngine, type NetworkConfig, whyNoSizes } from "@dnc/core/engine";
import type { KernelHost } from "./host.js";
import type { KernelHosts } from "./hosts.js";
import { createUnrollKernels } from "./unroll-kernels.js";

/**
 * Creates an engine that runs the kernel. It is not registered.
 *
 *     const engine = createKernelEngine("wasm", hosts, (core, options) => new WasmTrainer(core, options));
 *     registerEngine(engine);
 *
 * @param name - the engine's name.
 * @param hosts - its hosts; the unroll op runs on the one that is configured.
 * @param createTrainer - creates its trainers.
 * @returns the engine, for the backends whose tensors can be read and written synchronously.
 */
export function createKernelEngine<InstructionSet extends string>(
  name: string,
  hosts: KernelHosts<InstructionSet, KernelHost>,
  createTrainer: KernelEngine["createTrainer"],
): KernelEngine {
  return {
    name,
    backends: ["cpu", "wasm", "tensorflow"],
    kernels: createUnrollKernels(
      () => hosts.get(),
      () => hosts.threads,
    ),
    supports: (config) => supportsNetwork(hosts, config),
    supportsSizes: () => true,
    createTrainer,
  };
}

/**
 * Whether an engine that runs the kernel supports a network on this machine. The kernel has every loss and every optimizer.
 *
 * @param hosts - the engine's hosts.
 * @param config - a configuration with every default filled in.
 * @param instructionSet - the instruction set; default: as configured, or the fastest that the machine supports.
 * @returns true, or the reason why not: the network, or what the machine lacks.
 */
export function supportsNetwork<InstructionSet extends string>(
  hosts: KernelHosts<InstructionSet, KernelHost>,
  config: NetworkConfig,
  instructionSet?: InstructionSet,
): true | string {
  return whyNoSizes(config) ?? hosts.whyNone(instructionSet) ?? true;
}
