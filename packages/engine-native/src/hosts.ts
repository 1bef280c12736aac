import { availableParallelism } from "node:os";
import { type KernelHost, KernelHosts, MAX_THREADS } from "@dnc/kernel";
import { type Addon, INSTRUCTION_SETS, type InstructionSet } from "./addon.js";
import { loadAddon } from "./loader.js";
import { NativeNetwork } from "./network.js";

/** The kernel in machine code. */
export interface NativeHost extends KernelHost {
  /** @returns the number of threads that there are, at most `count`: fewer if the system does not give them. */
  startThreads(count: number): number;
}

const found = new Map<InstructionSet, NativeHost>();

/** The engine's hosts, one for each instruction set. */
export const hosts = new KernelHosts<InstructionSet, NativeHost>({
  hostName: "native",
  instructionSets: INSTRUCTION_SETS,
  find(requested) {
    const addon = loadAddon();
    if (typeof addon === "string") return addon;
    const available = addon.instructionSets();
    const instructionSet = requested ?? available[0];
    if (!available.includes(instructionSet))
      return `native engine: expected ${instructionSet}, this machine has ${available.join(", ")}`;
    const host = found.get(instructionSet) ?? createHost(addon, instructionSet);
    found.set(instructionSet, host);
    return host;
  },
  countCores: () => availableParallelism(),
});

/**
 * Lists the instruction sets that this machine supports.
 *
 * @returns the fastest first; empty if the engine is not available.
 */
export function availableInstructionSets(): readonly InstructionSet[] {
  const addon = loadAddon();
  return typeof addon === "string" ? [] : addon.instructionSets();
}

function createHost(addon: Addon, instructionSet: InstructionSet): NativeHost {
  const fields = new Map(addon.fields().map((name, field) => [name, field]));
  return {
    instructionSet,
    createNetwork: (sizes) => new NativeNetwork(addon, fields, instructionSet, sizes),
    startThreads: (count) => addon.startThreads(Math.min(count, MAX_THREADS)),
  };
}
