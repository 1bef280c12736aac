import { assertArray, assertBoolean, assertKeys, assertPositiveInteger, describe } from "./checks.js";

/**
 * Name of a loss. `sigmoid`: the cross-entropy of bits. `softmax`: the cross-entropy of symbols, each one-hot in a group of
 * outputs. `squared`: half the squared difference of numbers.
 */
export type LossName = "sigmoid" | "softmax" | "squared";

/** Options of a loss: its name, its groups of outputs, its average over time, and its unit. */
export type LossOptions = {
  /** Name of the loss; default: "sigmoid". */
  readonly loss?: LossName | undefined;
  /**
   * For `softmax`: sizes of the consecutive groups into which the outputs are split, each 1 or more, adding up to their
   * number; default: one group of all outputs.
   */
  readonly groupSizes?: readonly number[] | undefined;
  /** Whether to average over a sequence's counted time steps instead of summing; default: false. */
  readonly timeAverage?: boolean | undefined;
  /** Whether to use bits instead of nats; default: false. Not for `squared`, which has no such unit. */
  readonly logProbInBits?: boolean | undefined;
};

/** The loss of a task, with every option filled in. */
export type TaskLoss = {
  /** Name of the loss. */
  readonly loss: LossName;
  /** For `softmax`: sizes of the groups of outputs; absent: one group of all outputs. */
  readonly groupSizes?: readonly number[] | undefined;
  /** Whether it is the mean over a sequence's counted time steps instead of their sum. */
  readonly timeAverage: boolean;
  /** Whether it is in bits instead of nats. */
  readonly logProbInBits: boolean;
};

/** The names of all options. */
export const LOSS_KEYS = [
  "loss",
  "groupSizes",
  "timeAverage",
  "logProbInBits",
] as const satisfies readonly (keyof LossOptions)[];

const LOSSES: readonly LossName[] = ["sigmoid", "softmax", "squared"];

/** Fills in the defaults. Throws a TypeError or RangeError unless `options` are loss options. */
export function completeLossOptions(options: LossOptions): TaskLoss {
  assertKeys("option", options, LOSS_KEYS);
  const { loss = "sigmoid", groupSizes, timeAverage = false, logProbInBits = false } = options;
  assertLoss(loss);
  assertBoolean("timeAverage", timeAverage);
  assertBoolean("logProbInBits", logProbInBits);
  if (loss === "squared" && logProbInBits)
    throw new TypeError('logProbInBits: expected false for loss "squared", got true');
  if (groupSizes === undefined) return { loss, timeAverage, logProbInBits };
  if (loss !== "softmax")
    throw new TypeError(`groupSizes: expected none for loss ${describe(loss)}, got ${describe(groupSizes)}`);
  assertArray("groupSizes", groupSizes);
  if (groupSizes.length === 0) throw new RangeError("groupSizes: expected at least one size, got none");
  groupSizes.forEach((size, group) => {
    assertPositiveInteger(`groupSizes[${group}]`, size);
  });
  return { loss, groupSizes: [...groupSizes], timeAverage, logProbInBits };
}

/** Throws a TypeError unless `loss` is the name of a loss. */
export function assertLoss(loss: LossName): void {
  if (!LOSSES.includes(loss)) throw new TypeError(`loss: expected one of ${LOSSES.join(", ")}, got ${describe(loss)}`);
}
