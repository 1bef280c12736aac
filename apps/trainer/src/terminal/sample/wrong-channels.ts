import type { Task } from "@dnc/tasks";

/** What decides which outputs are wrong. */
type Losses = Pick<Task, "loss"> & Partial<Pick<Task, "groupSizes">>;

/** Smallest difference between a wrong number and its target, as in the exact match. */
const WRONG_DIFFERENCE = 0.5;

/**
 * Finds the channels of one time step in which the output is wrong, as the exact match counts them: bits that are not their
 * target; of `squared`, numbers that are too far from it; of `softmax`, the symbol of each group that is not its target.
 *
 * @param output - the predicted bits, symbols or numbers.
 * @param target - as many targets.
 * @param task - its loss and group sizes.
 * @returns one for each channel; NaN is wrong.
 */
export function wrongChannels(output: Float32Array, target: Float32Array, { loss, groupSizes }: Losses): boolean[] {
  if (loss === "squared") return Array.from(output, (value, at) => !(Math.abs(value - target[at]) < WRONG_DIFFERENCE));
  if (loss === "sigmoid") return Array.from(output, (value, at) => value !== target[at]);
  const wrong = Array.from(output, () => false);
  let start = 0;
  for (const size of groupSizes ?? [output.length]) {
    const [predicted, right] = [output, target].map((values) => firstLargest(values.subarray(start, start + size)));
    // A group with NaN has no symbol: its first channel stands for it.
    if (predicted !== right) wrong[start + Math.max(0, predicted)] = true;
    start += size;
  }
  return wrong;
}

/** Finds the first largest value; returns -1 if one of them is NaN. */
function firstLargest(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}
