import { assertLoss, type LossOptions } from "./loss-options.js";

/** Consecutive outputs: from `start` up to, not including, `end`. */
export type OutputGroup = { readonly start: number; readonly end: number };

/** The options that decide how outputs are read. */
export type OutputOptions = Pick<LossOptions, "loss" | "groupSizes">;

/**
 * Splits the outputs of a time step into the groups over which the loss is computed: one for each symbol of `softmax`, and one
 * of all outputs otherwise.
 *
 * @throws TypeError if the loss is unknown; RangeError if the sizes do not add up to `size`, the number of outputs.
 */
export function outputGroups({ loss, groupSizes }: OutputOptions, size: number): readonly OutputGroup[] {
  if (loss !== undefined) assertLoss(loss);
  if (groupSizes === undefined) return [{ start: 0, end: size }];
  let end = 0;
  const groups = groupSizes.map((length) => {
    end += length;
    return { start: end - length, end };
  });
  if (end !== size) throw new RangeError(`groupSizes: expected sizes that add up to the ${size} outputs, got ${end}`);
  return groups;
}

/** Finds the first largest value in [start, end); returns -1 if one of them is NaN. */
export function firstLargest(values: Float32Array, start: number, end: number): number {
  let best = start;
  for (let at = start; at < end; at++) {
    if (Number.isNaN(values[at])) return -1;
    if (values[at] > values[best]) best = at;
  }
  return best;
}
