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
  /**
   * `[timeSteps, batchSize, targetSize]`: targets of the network's outputs at each time step; for loss `sigmoid` in [0, 1],
   * for `softmax` at least 0, otherwise any finite number.
   */
  readonly targets: Float32Array;
  /** `[timeSteps, batchSize]`: 1 where the target counts, otherwise 0. */
  readonly mask: Float32Array;
  /**
   * `[batchSize]`, each from 0 to `timeSteps`: number of time steps for which the network runs on each sequence; default:
   * all. After them its state stays as it is, its outputs are zeros, and the mask must be 0.
   */
  readonly lengths?: Uint32Array | undefined;
  /**
   * `[timeSteps, batchSize]`: 1 where the network runs the time step for the sequence, otherwise 0, with the meaning of
   * `lengths`; default: every step is run. A batch has `lengths` or `inputMask`, not both.
   */
  readonly inputMask?: Float32Array | undefined;
  /**
   * Whether the batch starts new sequences where the training carries the network's state from batch to batch; default:
   * false, it continues those of the batch before.
   */
  readonly newSequences?: boolean | undefined;
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
