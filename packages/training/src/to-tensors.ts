import type { UnrollOptions } from "@dnc/core";
import { checkObject } from "@dnc/core/engine";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { checkCount, checkFloats } from "./checks.js";

/** Tensors of a batch, which the caller disposes: `tf.dispose(tensors)`. */
export type BatchTensors = {
  /** `[timeSteps, batchSize, inputSize]`. */
  readonly inputs: tf.Tensor3D;
  /** `[timeSteps, batchSize, targetSize]`. */
  readonly targets: tf.Tensor3D;
  /** `[timeSteps, batchSize]`. */
  readonly mask: tf.Tensor2D;
};

/** Options of `unroll` that say which time steps of a batch to run. */
export function stepSelection({
  lengths,
  inputMask,
  timeSteps,
  batchSize,
}: Batch): Pick<UnrollOptions, "lengths" | "inputMask"> {
  const mask = inputMask && tf.tensor2d(inputMask, [timeSteps, batchSize]);
  return { lengths, inputMask: mask };
}

/**
 * Converts a batch of arrays to tensors.
 *
 *     const { inputs, targets, mask } = toTensors(task.sampleBatch(random));
 *     const { outputs } = unroll(network, inputs);
 *     console.log((await sigmoidCrossEntropy(outputs, targets, mask).data())[0]);
 *
 * @param batch - Plain arrays, as a task of `@dnc/tasks` samples them. A backend may use them without copying: do not
 *   write to them before the tensors are disposed.
 * @returns Three new tensors.
 * @throws RangeError if a size is not a positive integer or an array has the wrong length; TypeError if an argument is
 *   not a Float32Array or not a batch.
 */
export function toTensors(batch: Batch): BatchTensors {
  checkObject("batch", batch);
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  checkCount("timeSteps", timeSteps);
  checkCount("batchSize", batchSize);
  checkFloats("inputs", inputs, [timeSteps, batchSize, "inputSize"]);
  checkFloats("targets", targets, [timeSteps, batchSize, "targetSize"]);
  checkFloats("mask", mask, [timeSteps, batchSize]);
  const rows = timeSteps * batchSize;
  return {
    inputs: tf.tensor3d(inputs, [timeSteps, batchSize, inputs.length / rows]),
    targets: tf.tensor3d(targets, [timeSteps, batchSize, targets.length / rows]),
    mask: tf.tensor2d(mask, [timeSteps, batchSize]),
  };
}
