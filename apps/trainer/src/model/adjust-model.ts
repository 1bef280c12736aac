import type { SeededModel, TaskConfig } from "../configs.js";
import { UsageError } from "../usage-error.js";

/** Sizes that a command may change; undefined: that of the run. */
export type Adjustments = {
  readonly [Name in "memorySize" | "minLength" | "maxLength" | "minRepeats" | "maxRepeats"]?: number | undefined;
};

/**
 * Changes the memory and the sequences of a run. If a given bound crosses the run's other bound, that becomes equal.
 *
 * @param batchSize - number of sequences at a time.
 * @throws UsageError if the lower of two given bounds exceeds the upper.
 */
export function adjustModel(
  { task, network, ...rest }: SeededModel,
  { minLength, maxLength, minRepeats, maxRepeats, memorySize = network.memorySize }: Adjustments,
  batchSize: number,
): SeededModel {
  checkRepeats(task, { min_repeats: minRepeats, max_repeats: maxRepeats });
  const [low, high] = bounds("length", [minLength, maxLength], [task.minLength, task.maxLength]);
  const [few, many] = bounds("repeats", [minRepeats, maxRepeats], [task.minRepeats, task.maxRepeats]);
  const adjusted = { minLength: low, maxLength: high, minRepeats: few, maxRepeats: many };
  return { ...rest, network: { ...network, memorySize }, task: { ...task, batchSize, ...adjusted } };
}

/**
 * Checks that repeats are given only for a task that has them.
 *
 * @param given - values by the names of the options.
 * @throws UsageError naming the first option that is given.
 */
export function checkRepeats({ name }: TaskConfig, given: Readonly<Record<string, number | undefined>>): void {
  if (name === "repeat-copy") return;
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined) continue;
    throw new UsageError(`--${option}: expected only with task repeat-copy, got it with task ${name}`);
  }
}

/** Changes the sequences of a run to one length and one number of repeats; default: the run's largest. */
export function oneSequence(
  config: SeededModel,
  sizes: { readonly [Name in "length" | "repeats" | "memorySize"]?: number | undefined },
): SeededModel {
  const { length = config.task.maxLength, repeats = config.task.maxRepeats, memorySize } = sizes;
  const repetitions = config.task.name === "repeat-copy" ? { minRepeats: repeats, maxRepeats: repeats } : {};
  return adjustModel(config, { memorySize, minLength: length, maxLength: length, ...repetitions }, 1);
}

function bounds(
  what: string,
  [low, high]: readonly [number | undefined, number | undefined],
  [runLow, runHigh]: readonly [number, number],
): readonly [number, number] {
  if (low !== undefined && high !== undefined && low > high) {
    throw new UsageError(`--min_${what}: expected at most max_${what} (${high}), got ${low}`);
  }
  const min = low ?? Math.min(runLow, high ?? runLow);
  return [min, high ?? Math.max(runHigh, min)];
}
