import type { NestedState, RecurrentCell } from "@dnc/core";
import type { TrainStepResult } from "@dnc/core/engine";
import { checkPositive } from "@dnc/core/engine";
import { type Batch, exactMatch, type OutputOptions } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { clipByGlobalNorm } from "./clip-by-global-norm.js";
import { lossAndGradients, type SequenceStates } from "./loss-and-gradients.js";
import type { LossFunction } from "./loss-function.js";
import { checkOptimizer, type Optimizer } from "./optimizer.js";

/**
 * The parts of a training step.
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 */
export interface Trainable<State extends NestedState = NestedState, Prepared = unknown> {
  /** The network to train. */
  readonly network: RecurrentCell<State, Prepared>;
  /** The loss to minimize, such as `sigmoidCrossEntropy` or `lossFunction(task)`. */
  readonly loss: LossFunction;
  /** Optimizer of `network.variables`. */
  readonly optimizer: Optimizer;
  /** Largest global norm of the gradients, above 0; larger gradients are scaled down to it. */
  readonly maxGradNorm: number;
  /** How `exactMatch` reads the outputs: a task, or its loss and group sizes; default: as bits. */
  readonly metric?: OutputOptions | undefined;
}

/**
 * Result of a training step, with its outputs; `exactMatch` is absent if outputs and targets differ in width.
 *
 * @typeParam State - Type of the network's state.
 */
export type TrainStepOutputs<State extends NestedState = NestedState> = TrainStepResult & {
  /** `[timeSteps, batchSize, outputSize]`, before the update. */
  readonly logits: Float32Array;
  /** State after the last step, if requested; the caller disposes it. */
  readonly finalState?: State | undefined;
};

/**
 * Trains a network on one batch: unroll, loss, gradients, clipping by global norm, optimizer update.
 *
 *     const optimizer = new RmsProp(network.variables, { learningRate: 1e-3 });
 *     const parts = { network, loss: lossFunction(task), optimizer, maxGradNorm: 50 };
 *     const { loss, exactMatch } = await trainStep(parts, task.sampleBatch(random));
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param parts - Network, loss, optimizer and gradient bound.
 * @param batch - Plain arrays.
 * @param states - `state`: the state before the first step, to which no gradient flows; `finalState`: whether to return
 *   the state after the last step; default: the initial state, false.
 * @throws RangeError if `maxGradNorm` is not finite and above 0; TypeError if it is not a number, or the optimizer updates
 *   other variables than the network's. Then nothing has changed.
 * @returns The result, once the loss has been read from the backend: an update that would make the variables NaN is
 *   never applied.
 */
export async function trainStep<State extends NestedState, Prepared>(
  { network, loss: lossFunction, optimizer, maxGradNorm, metric }: Trainable<State, Prepared>,
  batch: Batch,
  states: SequenceStates<State> = {},
): Promise<TrainStepOutputs<State>> {
  checkPositive("maxGradNorm", maxGradNorm);
  checkOptimizer(optimizer, network.variables);
  await optimizer.prepare();
  const { loss, logits, gradients, finalState } = lossAndGradients(network, lossFunction, batch, states);
  const flat = optimizer.flat.join(gradients);
  const { clipped, globalNorm } = clipByGlobalNorm([flat], maxGradNorm);
  const [[lossValue], [normValue], outputs] = await Promise.all([
    loss.data(),
    globalNorm.data(),
    logits.data<"float32">(),
  ]);
  const applied = Number.isFinite(lossValue) && Number.isFinite(normValue);
  if (applied) optimizer.applyFlat(clipped[0] as tf.Tensor1D);
  tf.dispose([loss, globalNorm, logits, flat, ...gradients, ...clipped]);
  return {
    loss: lossValue,
    globalNorm: normValue,
    exactMatch: outputs.length === batch.targets.length ? sum(exactMatch(outputs, batch, metric)) : undefined,
    logits: outputs,
    applied,
    ...(finalState === undefined ? {} : { finalState }),
  };
}

function sum(values: Uint8Array): number {
  return values.reduce((total, value) => total + value, 0);
}
