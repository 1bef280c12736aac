import { type KernelHost, MAX_THREADS } from "@dnc/kernel";
import type { Addon, InstructionSet } from "./addon.js";
import { loadAddon } from "./loader.js";
import { NativeNetwork } from "./network.js";
import { configuredInstructionSet } from "./options.js";

/** The kernel in machine code. */
export interface NativeHost extends KernelHost {
  readonly instructionSet: InstructionSet;
  /** @returns the number of threads that there are, at most `count`: fewer if the system does not give them. */
  startThreads(count: number): number;
}

/**
 * Returns the host of the kernel for an instruction set; default: as configured, or the fastest that this machine supports.
 *
 * @throws TypeError if there is none, with the reason.
 */
export function getHost(requested?: InstructionSet): NativeHost {
  const host = hostOrReason(requested);
  if (typeof host === "string") throw new TypeError(host);
  return host;
}

/**
 * Explains why there is no host.
 *
 * @returns a reason such as `native engine: expected avx512, this machine has avx2`; undefined if there is a host.
 */
export function whyNoHost(requested?: InstructionSet): string | undefined {
  const host = hostOrReason(requested);
  return typeof host === "string" ? host : undefined;
}

/**
 * Lists the instruction sets that this machine supports.
 *
 * @returns the fastest first; empty if the engine is not available.
 */
export function availableInstructionSets(): readonly InstructionSet[] {
  const addon = loadAddon();
  return typeof addon === "string" ? [] : addon.instructionSets();
}

const hosts = new Map<InstructionSet, NativeHost>();

function hostOrReason(requested: InstructionSet | undefined): NativeHost | string {
  const addon = loadAddon();
  if (typeof addon === "string") return addon;
  const available = addon.instructionSets();
  const instructionSet = requested ?? configuredInstructionSet() ?? available[0];
  if (!available.includes(instructionSet))
    return `native engine: expected ${instructionSet}, this machine has ${available.join(", ")}`;
  const host = hosts.get(instructionSet) ?? createHost(addon, instructionSet);
  hosts.set(instructionSet, host);
  return host;
}

function createHost(addon: Addon, instructionSet: InstructionSet): NativeHost {
  const fields = new Map(addon.fields().map((name, field) => [name, field]));
  return {
    instructionSet,
    createNetwork: (sizes) => new NativeNetwork(addon, fields, instructionSet, sizes),
    startThreads: (count) => addon.startThreads(Math.min(count, MAX_THREADS)),
  };
}
