import { checkObject } from "@dnc/core/engine";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { checkCount, checkFloats } from "./checks.js";

/** The tensors of a batch; they belong to whoever asked for them: `tf.dispose(tensors)`. */
export type BatchTensors = {
  /** `[timeSteps, batchSize, inputSize]`. */
  readonly inputs: tf.Tensor3D;
  /** `[timeSteps, batchSize, targetSize]`. */
  readonly targets: tf.Tensor3D;
  /** `[timeSteps, batchSize]`. */
  readonly mask: tf.Tensor2D;
};

/**
 * Makes tensors of a batch of arrays.
 *
 *     const { inputs, targets, mask } = toTensors(task.sampleBatch(random));
 *     const { outputs } = unroll(network, inputs);
 *     console.log((await sigmoidCrossEntropy(outputs, targets, mask).data())[0]);
 *
 * @param batch - Plain arrays as a task of `@dnc/tasks` samples them. Backends may keep them as they are: do not write to
 *   them while the tensors live.
 * @returns Three new tensors.
 * @throws RangeError if a size is no positive integer or an array is not as long as the sizes say; TypeError if something is
 *   no Float32Array or no batch.
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
