import {
  type NetworkConfig,
  supportsStandardNetwork,
  supportsStandardTraining,
  type TrainingKind,
} from "@dnc/core/engine";

/**
 * Whether the engine has kernels for a network, and trains it in this way.
 *
 * @param config - as `Dnc` completes it.
 * @param options - loss and optimizer; default: only `unroll` and `step` are asked about.
 * @returns true, or the reason why not: the controller or the training.
 */
export function supports(config: NetworkConfig, options?: TrainingKind): true | string {
  const network = supportsStandardNetwork(config);
  return network === true ? supportsStandardTraining(options) : network;
}
