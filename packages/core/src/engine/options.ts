import { checkBoolean, formatValue } from "@dnc/addressing/checks";
import { checkCount, checkPositive } from "./checks.js";
import { completeOptions } from "./complete-options.js";
import { type CompleteOptimizerOptions, completeOptimizerOptions, type OptimizerOptions } from "./optimizer-options.js";
import type { LossName, TrainerOptions } from "./trainer.js";

/** A trainer's options with every default filled in. */
export type CompleteTrainerOptions = {
  /** Optimizer and all its parameters. */
  readonly optimizer: CompleteOptimizerOptions;
  /** Largest global norm of the gradients; larger gradients are scaled down to it. */
  readonly maxGradNorm: number;
  /** The loss. */
  readonly loss: LossName;
  /** Sizes of the groups of outputs for `softmax`; undefined: one group of all outputs. */
  readonly groupSizes: readonly number[] | undefined;
  /** Whether each batch starts from the final state of the batch before. */
  readonly carryState: boolean;
};

const LOSSES: readonly unknown[] = ["sigmoid", "softmax", "squared", "linear"] satisfies LossName[];
const RMS_PROP: OptimizerOptions = { type: "rmsprop" };
const DEFAULTS: Omit<CompleteTrainerOptions, "optimizer"> & { readonly optimizer: OptimizerOptions } = {
  ...{ optimizer: RMS_PROP, maxGradNorm: 50, loss: "sigmoid", groupSizes: undefined, carryState: false },
};

/**
 * Fills in the defaults of a trainer's options.
 *
 * @param options - the options common to all engines; an engine removes its own before the call.
 * @returns all options, checked.
 * @throws TypeError for an unknown option, optimizer or loss, or a value of the wrong kind; RangeError for a number out of range.
 */
export function completeTrainerOptions(options: TrainerOptions): CompleteTrainerOptions {
  const { optimizer, maxGradNorm, loss, groupSizes, carryState } = completeOptions("options", DEFAULTS, options);
  if (!LOSSES.includes(loss))
    throw new TypeError(`loss: expected "sigmoid", "softmax", "squared" or "linear", got ${formatValue(loss)}`);
  checkPositive("maxGradNorm", maxGradNorm);
  checkBoolean("carryState", carryState);
  checkGroupSizes(groupSizes, loss);
  return { optimizer: completeOptimizerOptions(optimizer), maxGradNorm, loss, groupSizes, carryState };
}

/**
 * Returns the sizes of the groups of outputs for `softmax`.
 *
 * @param groupSizes - the sizes in a trainer's options; undefined: one group of all outputs.
 * @param outputSize - the network's number of outputs.
 * @returns the sizes; their sum is `outputSize`.
 * @throws RangeError if their sum is not.
 */
export function completeGroupSizes(groupSizes: readonly number[] | undefined, outputSize: number): readonly number[] {
  if (groupSizes === undefined) return [outputSize];
  const sum = groupSizes.reduce((total, size) => total + size, 0);
  if (sum !== outputSize)
    throw new RangeError(`groupSizes: expected sizes that add up to the ${outputSize} outputs, got ${sum}`);
  return groupSizes;
}

function checkGroupSizes(groupSizes: unknown, loss: unknown): asserts groupSizes is readonly number[] | undefined {
  if (groupSizes === undefined) return;
  if (loss !== "softmax")
    throw new TypeError(`groupSizes: expected none for loss ${formatValue(loss)}, got ${formatValue(groupSizes)}`);
  if (!Array.isArray(groupSizes))
    throw new TypeError(`groupSizes: expected an array of sizes, got ${formatValue(groupSizes)}`);
  if (groupSizes.length === 0) throw new RangeError("groupSizes: expected at least one size, got none");
  for (const [group, size] of groupSizes.entries()) checkCount(`groupSizes[${group}]`, size);
}
