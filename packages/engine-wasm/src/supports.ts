import {
  type NetworkConfig,
  supportsStandardNetwork,
  supportsStandardTraining,
  type TrainingKind,
} from "@dnc/core/engine";
import type { InstructionSet } from "./kernel.js";
import { whyNoRuntime } from "./runtime.js";

/**
 * Whether the engine supports a network on this machine and, if requested, this kind of training.
 *
 * @param config - a configuration with every default filled in.
 * @param options - loss and optimizer; default: training is not considered, only `unroll` and `step`.
 * @param instructionSet - the instruction set; default: as configured, or the fastest that the machine supports.
 * @returns true, or the reason why not: the controller, the training, or what the machine lacks.
 */
export function supports(
  config: NetworkConfig,
  options?: TrainingKind,
  instructionSet?: InstructionSet,
): true | string {
  const network = supportsStandardNetwork(config);
  if (network !== true) return network;
  const training = supportsStandardTraining(options);
  return training === true ? (whyNoRuntime(instructionSet) ?? true) : training;
}
