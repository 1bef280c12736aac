import type { Batch } from "@dnc/tasks";

/** A batch's own arrays, time-major. */
export interface BatchArrays {
  readonly observations: Float32Array;
  readonly target: Float32Array;
  readonly mask: Float32Array;
}

/**
 * The numbers of a batch that a task has just made.
 *
 * The arrays are the tensors' own; on every backend they are still here, for nothing has asked a GPU to compute with them.
 */
export function batchArrays({ observations, target, mask }: Batch): BatchArrays {
  return {
    observations: observations.dataSync<"float32">(),
    target: target.dataSync<"float32">(),
    mask: mask.dataSync<"float32">(),
  };
}
