import { assertFloatsOfShape, assertObject, assertPositiveInteger } from "./checks.js";

/**
 * Sequences with their targets as plain arrays, time-major: the number of sequence `b`, channel `c` at time step `t` is
 * at `(t * batchSize + b) * channels + c`. Sequences shorter than the longest are zero at the end.
 *
 * A batch is plain data: it can be posted to a worker, and `toTensors` of `@dnc/training` converts it to tensors.
 */
export type Batch = {
  /** Number of time steps, that of the longest sequence. */
  readonly timeSteps: number;
  /** Number of sequences. */
  readonly batchSize: number;
  /** `[timeSteps, batchSize, inputSize]`: inputs of the network at each time step. */
  readonly inputs: Float32Array;
  /** `[timeSteps, batchSize, targetSize]`, in [0, 1]: targets of the network's outputs at each time step. */
  readonly targets: Float32Array;
  /** `[timeSteps, batchSize]`: 1 where the target counts, otherwise 0. */
  readonly mask: Float32Array;
};

/** The part of a batch that outputs are compared with. */
export type BatchTargets = Pick<Batch, "timeSteps" | "batchSize" | "targets" | "mask">;

/** Throws unless targets and mask have the sizes of `batch`; returns the number of channels of a target. */
export function assertTargets(batch: BatchTargets, targetSize: number | string = "targetSize"): number {
  assertObject("batch", batch);
  const { timeSteps, batchSize, targets, mask } = batch;
  assertPositiveInteger("timeSteps", timeSteps);
  assertPositiveInteger("batchSize", batchSize);
  assertFloatsOfShape("targets", targets, [timeSteps, batchSize, targetSize]);
  assertFloatsOfShape("mask", mask, [timeSteps, batchSize]);
  return targets.length / mask.length;
}

/** Throws unless `logits` is as long as the targets of `batch`, whose sizes are checked; returns the channels of a target. */
export function assertLogits(logits: Float32Array, batch: BatchTargets, targetSize?: number): number {
  const size = assertTargets(batch, targetSize);
  assertFloatsOfShape("logits", logits, [batch.timeSteps, batch.batchSize, size]);
  return size;
}
