import {
  type NetworkConfig,
  supportsStandardNetwork,
  supportsStandardTraining,
  type TrainingKind,
} from "@dnc/core/engine";
import type { InstructionSet } from "./kernel.js";
import { whyNoRuntime } from "./runtime.js";

/**
 * Whether the engine computes a network here, and trains it in this way.
 *
 * @param config - as `Dnc` completes it.
 * @param options - loss and optimizer; default: only `unroll` and `step` are asked about.
 * @param instructionSet - which instructions are to compute; default: as configured, or the best that the machine has.
 * @returns true, or the reason why not: the controller, the training, or what the machine does not have.
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
