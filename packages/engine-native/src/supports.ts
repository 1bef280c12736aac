import { type NetworkConfig, type TrainingKind, whyNoSizes } from "@dnc/core/engine";
import type { InstructionSet } from "./addon.js";
import { whyNoHost } from "./host.js";

/**
 * Whether the engine supports a network on this machine. It supports every loss and every optimizer.
 *
 * @param config - a configuration with every default filled in.
 * @param _options - loss and optimizer; not considered.
 * @param instructionSet - the instruction set; default: as configured, or the fastest that the machine supports.
 * @returns true, or the reason why not: the network, or what the machine lacks.
 */
export function supports(
  config: NetworkConfig,
  _options?: TrainingKind,
  instructionSet?: InstructionSet,
): true | string {
  return whyNoSizes(config) ?? whyNoHost(instructionSet) ?? true;
}
