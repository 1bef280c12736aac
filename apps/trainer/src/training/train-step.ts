import type { NestedState, RecurrentCell } from "@dnc/core";
import type { Batch, Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { checkPositive } from "./check-number.js";
import { clipByGlobalNorm } from "./clip-by-global-norm.js";
import { lossAndGradients } from "./loss-and-gradients.js";
import type { RmsProp } from "./rms-prop.js";

/**
 * What takes part in an iteration.
 *
 * @typeParam State - what the core carries.
 * @typeParam Prepared - what its `prepareWeights` returns.
 */
export interface Trainable<State extends NestedState = NestedState, Prepared = unknown> {
  /** What learns. */
  readonly core: RecurrentCell<State, Prepared>;
  /** What says how far its outputs are from the target. */
  readonly task: Pick<Task, "cost">;
  /** Made for `core.variables`. */
  readonly optimizer: RmsProp;
  /** Gradients longer than this together are scaled down to it; above 0. */
  readonly maxGradNorm: number;
}

/** What an iteration found. */
export interface TrainStepResult {
  /** Before the update. */
  readonly loss: number;
  /** Length of all gradients together, before they were clipped. */
  readonly globalNorm: number;
  /** `[time, batch, outputSize]`, before the update; the caller disposes it. */
  readonly logits: tf.Tensor3D;
  /** false if loss or norm is not finite: then nothing has moved. */
  readonly applied: boolean;
}

/**
 * One iteration of training: unroll, cost, gradients, clip by global norm, RMSProp.
 *
 * @typeParam State - what the core carries.
 * @typeParam Prepared - what its `prepareWeights` returns.
 * @param trainable - core, task, optimizer and bound of the gradients.
 * @param batch - stays the caller's.
 * @throws RangeError if `maxGradNorm` is not a finite number above 0, TypeError if it is no number: nothing has moved then.
 * @returns once the loss has arrived from the backend: an update that would spoil the variables is never applied.
 */
export async function trainStep<State extends NestedState, Prepared>(
  { core, task, optimizer, maxGradNorm }: Trainable<State, Prepared>,
  batch: Batch,
): Promise<TrainStepResult> {
  checkPositive("maxGradNorm", maxGradNorm);
  const { loss, logits, gradients } = lossAndGradients(core, task, batch);
  const flat = optimizer.flat.join(gradients);
  const { clipped, globalNorm } = clipByGlobalNorm([flat], maxGradNorm);
  const [[lossValue], [normValue]] = await Promise.all([loss.data(), globalNorm.data()]);
  const applied = Number.isFinite(lossValue) && Number.isFinite(normValue);
  if (applied) optimizer.applyFlat(clipped[0] as tf.Tensor1D);
  tf.dispose([loss, globalNorm, flat, ...gradients, ...clipped]);
  return { loss: lossValue, globalNorm: normValue, logits, applied };
}
