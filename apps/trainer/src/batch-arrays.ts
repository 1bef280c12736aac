import type { Batch } from "@dnc/tasks";

/** A batch under the names of the engines. */
export interface BatchArrays {
  readonly time: number;
  readonly batch: number;
  readonly observations: Float32Array;
  readonly target: Float32Array;
  readonly mask: Float32Array;
}

/** A task's batch as the engines take it: the same arrays. */
export function batchArrays({ timeSteps, batchSize, inputs, targets, mask }: Batch): BatchArrays {
  return { time: timeSteps, batch: batchSize, observations: inputs, target: targets, mask };
}
