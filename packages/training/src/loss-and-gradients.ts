import { type NestedState, type RecurrentCell, unroll } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import type { LossFunction } from "./loss-function.js";
import { toTensors } from "./to-tensors.js";

/** Result of {@link lossAndGradients}. */
export type LossAndGradients = {
  /** The loss of the logits. */
  readonly loss: tf.Scalar;
  /** `[timeSteps, batchSize, outputSize]`. */
  readonly logits: tf.Tensor3D;
  /** One gradient per variable, in the order of `network.variables`; zeros if the loss does not depend on it. */
  readonly gradients: tf.Tensor[];
};

/**
 * Runs a network over a batch and differentiates the loss with respect to its variables.
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`, as wide as the batch's inputs and targets.
 * @param loss - The loss to differentiate, such as `sigmoidCrossEntropy`.
 * @param batch - Plain arrays.
 * @returns New tensors, which the caller disposes.
 * @throws Whatever the network or the loss throws; all tensors are disposed first.
 */
export function lossAndGradients<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  loss: LossFunction,
  batch: Batch,
): LossAndGradients {
  return tf.tidy(() => {
    const { inputs, targets, mask } = toTensors(batch);
    const variables = network.variables.map(({ variable }) => variable);
    let logits: tf.Tensor3D | undefined;
    let failure: { readonly error: unknown } | undefined;
    const { value, grads } = tf.variableGrads(() => {
      try {
        logits = unroll(network, inputs).outputs;
        // Kept: the gradient's scope would dispose it.
        tf.keep(logits);
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
      throw failure.error;
    }
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    return { loss: value, logits: logits as tf.Tensor3D, gradients };
  });
}
