import { type NestedState, type RecurrentCell, unroll } from "@dnc/core";
import type { Batch, Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";

/** What a batch says about a core. */
export type LossAndGradients = {
  /** The task's cost of the logits. */
  readonly loss: tf.Scalar;
  /** `[time, batch, outputSize]`. */
  readonly logits: tf.Tensor3D;
  /** One for each variable, in the order of `core.variables`; zeros where the loss does not depend on it. */
  readonly gradients: tf.Tensor[];
};

/**
 * Runs a core over a batch and differentiates the cost with respect to its variables.
 *
 * @typeParam State - what the core carries.
 * @typeParam Prepared - what its `prepareWeights` returns.
 * @param core - any recurrent cell with the face of `Dnc`, as wide as the task's observations and answers.
 * @param task - whose `cost` is differentiated.
 * @param batch - stays the caller's.
 * @returns tensors that are the caller's to dispose.
 * @throws whatever the core or the cost throws; no tensor remains then.
 */
export function lossAndGradients<State extends NestedState, Prepared>(
  core: RecurrentCell<State, Prepared>,
  task: Pick<Task, "cost">,
  batch: Batch,
): LossAndGradients {
  return tf.tidy(() => {
    const variables = core.variables.map(({ variable }) => variable);
    let logits: tf.Tensor3D | undefined;
    let failure: { readonly error: unknown } | undefined;
    const { value, grads } = tf.variableGrads(() => {
      try {
        logits = unroll(core, batch.observations).outputs;
        // The scope of the gradient would take it along.
        tf.keep(logits);
        return task.cost(logits, batch);
      } catch (error) {
        // TensorFlow.js gives back what it has kept for the gradient only at the gradient's end: this one ends quickly.
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
