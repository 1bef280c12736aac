import { type NestedState, type RecurrentCell, unroll } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { mapTensors } from "./carried-state.js";
import type { LossFunction } from "./loss-function.js";
import { stepSelection, toTensors } from "./to-tensors.js";

/**
 * Options of {@link lossAndGradients}: the states before and after the sequences.
 *
 * @typeParam State - Type of the network's state.
 */
export type SequenceStates<State> = {
  /** The state before the first step; it still belongs to the caller; default: the network's initial state. */
  readonly state?: State | undefined;
  /** Whether to return the state after the last step; default: false. */
  readonly finalState?: boolean | undefined;
};

/**
 * Result of {@link lossAndGradients}.
 *
 * @typeParam State - Type of the network's state.
 */
export type LossAndGradients<State extends NestedState = NestedState> = {
  /** The loss of the logits. */
  readonly loss: tf.Scalar;
  /** `[timeSteps, batchSize, outputSize]`. */
  readonly logits: tf.Tensor3D;
  /** One gradient per variable, in the order of `network.variables`; zeros if the loss does not depend on it. */
  readonly gradients: tf.Tensor[];
  /** State after the last step, if requested. */
  readonly finalState?: State | undefined;
};

/**
 * Runs a network over a batch and differentiates the loss with respect to its variables.
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`, as wide as the batch's inputs and targets.
 * @param loss - The loss to differentiate, such as `sigmoidCrossEntropy`.
 * @param batch - Plain arrays.
 * @param states - `state`: the state before the first step, to which no gradient flows; `finalState`: whether to return
 *   the state after the last step; default: the initial state, false.
 * @returns New tensors, which the caller disposes.
 * @throws Whatever the network or the loss throws; all tensors are disposed first.
 */
export function lossAndGradients<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  loss: LossFunction,
  batch: Batch,
  { state, finalState = false }: SequenceStates<State> = {},
): LossAndGradients<State> {
  return tf.tidy(() => {
    const { inputs, targets, mask } = toTensors(batch);
    const variables = network.variables.map(({ variable }) => variable);
    let logits: tf.Tensor3D | undefined;
    let last: State | undefined;
    let failure: { readonly error: unknown } | undefined;
    const { value, grads } = tf.variableGrads(() => {
      try {
        const unrolled = unroll(network, inputs, state, stepSelection(batch));
        logits = unrolled.outputs;
        // Kept: the gradient's scope would dispose it.
        tf.keep(logits);
        // Cloned: a cell may return a tensor of its state as an output, or unchanged.
        if (finalState) last = mapTensors(unrolled.finalState, (tensor) => tf.keep(tf.clone(tensor)));
        return loss(logits, targets, mask);
      } catch (error) {
        // TensorFlow.js frees tensors saved for a gradient only when that gradient has been computed; this one is
        // trivial.
        failure = { error };
        return tf.sum(variables[0]) as tf.Scalar;
      }
    }, variables);
    if (failure) {
      logits?.dispose();
      tf.dispose(last ?? []);
      throw failure.error;
    }
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    return {
      loss: value,
      logits: logits as tf.Tensor3D,
      gradients,
      ...(last === undefined ? {} : { finalState: last }),
    };
  });
}
