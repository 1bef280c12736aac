import { formatValue, type NetworkConfig, type TrainingKind, whyNoSizes } from "@dnc/core/engine";

/**
 * Whether the engine supports a network and, if requested, this kind of training.
 *
 * @param config - a configuration with every default filled in.
 * @param options - loss, optimizer and state; default: training is not considered, only `unroll` and `step`.
 * @returns true, or the reason why not.
 */
export function supports(config: NetworkConfig, options?: TrainingKind): true | string {
  return whyNoSizes(config) ?? (options === undefined ? true : supportsTraining(config, options));
}

const LOSSES: readonly unknown[] = ["sigmoid", "softmax", "squared", "linear"];
const OPTIMIZERS: readonly unknown[] = ["rmsprop", "adam"];

function supportsTraining({ outputSize, memory }: NetworkConfig, options: TrainingKind): true | string {
  const initial = memory ? (memory.initialMemory ?? 0) : 0;
  if (initial !== 0) return `memory.initialMemory: expected 0, got ${formatValue(initial)}`;
  const { loss = "sigmoid", groupSizes, optimizer } = options;
  if (!LOSSES.includes(loss))
    return `loss: expected "sigmoid", "softmax", "squared" or "linear", got ${formatValue(loss)}`;
  if (groupSizes !== undefined) {
    if (loss !== "softmax")
      return `groupSizes: expected none for loss ${formatValue(loss)}, got ${formatValue(groupSizes)}`;
    const sum = groupSizes.reduce((total, size) => total + size, 0);
    if (sum !== outputSize)
      return `groupSizes: expected sizes that add up to the ${outputSize} outputs, got ${formatValue(sum)}`;
  }
  if (optimizer !== undefined && !OPTIMIZERS.includes(optimizer.type))
    return `optimizer.type: expected "rmsprop" or "adam", got ${formatValue(optimizer.type)}`;
  return true;
}
