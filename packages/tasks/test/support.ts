/** Batches as nested numbers, for tests. */
import type { Batch } from "../src/batch.js";

/** Numbers in an array of these dimensions, nested; the outermost dimension first. */
// biome-ignore lint/suspicious/noExplicitAny: the depth depends on the dimensions
export function nested(values: ArrayLike<number>, [size, ...rest]: readonly number[]): any[] {
  const length = values.length / size;
  return Array.from({ length: size }, (_, index) => {
    const part = Array.prototype.slice.call(values, index * length, (index + 1) * length);
    return rest.length === 0 ? part[0] : nested(part, rest);
  });
}

/** A batch's three arrays, nested: `[time step][sequence][channel]`. */
export function nestedBatch({ timeSteps, batchSize, inputs, targets, mask }: Batch) {
  const rows = timeSteps * batchSize;
  return {
    inputs: nested(inputs, [timeSteps, batchSize, inputs.length / rows]) as number[][][],
    targets: nested(targets, [timeSteps, batchSize, targets.length / rows]) as number[][][],
    mask: nested(mask, [timeSteps, batchSize]) as number[][],
  };
}

/** Sums over the time steps of an array `[timeSteps, batchSize]`. */
export function sumOverTime({ batchSize }: Pick<Batch, "batchSize">, values: Float32Array): number[] {
  const sums = new Array<number>(batchSize).fill(0);
  values.forEach((value, row) => {
    sums[row % batchSize] += value;
  });
  return sums;
}
