import {
  type NetworkConfig,
  supportsStandardNetwork,
  supportsStandardTraining,
  type TrainingKind,
} from "@dnc/core/engine";

/**
 * Whether the engine supports a network and, if requested, this kind of training.
 *
 * @param config - a configuration with every default filled in.
 * @param options - loss and optimizer; default: training is not considered, only `unroll` and `step`.
 * @returns true, or the reason why not: the controller or the training.
 */
export function supports(config: NetworkConfig, options?: TrainingKind): true | string {
  const network = supportsStandardNetwork(config);
  return network === true ? supportsStandardTraining(options) : network;
}
