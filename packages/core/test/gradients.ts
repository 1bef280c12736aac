/** Gradients of all results of a sequence. */
import * as tf from "@tensorflow/tfjs-core";
import type { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { unflattenNested } from "../src/state.js";
import { normal, tensorsIn } from "./support.js";

/** A function that runs a sequence. */
export type Run = (core: Dnc, inputs: tf.Tensor3D, state: DncState) => { outputs: tf.Tensor3D; finalState: DncState };

/** Computes a scalar from all results of a sequence, or from all but the usage. */
export function objective({ outputs, finalState }: ReturnType<Run>, usage = true): tf.Scalar {
  const results = tensorsIn([outputs, finalState]).filter((tensor) => usage || tensor !== finalState.access.usage);
  const parts = results.map((result, index) => tf.sum(tf.mul(result, normal(result.shape as [number], index))));
  return tf.addN(parts) as tf.Scalar;
}

/**
 * Computes the gradients of the objective to the variables, the inputs and the tensors of the initial state, in this
 * order.
 */
export function gradientsOf(core: Dnc, run: Run, inputs: tf.Tensor3D, state: DncState, usage = true): tf.Tensor[] {
  const variables = core.variables.map(({ variable }) => variable);
  const [inputVariable, ...stateVariables] = tensorsIn([inputs, state]).map((tensor) => tf.variable(tensor));
  const start = unflattenNested<tf.Tensor>(state, stateVariables) as DncState;
  const all = [...variables, inputVariable, ...stateVariables];
  const { grads } = tf.variableGrads(
    () => objective(run(core, inputVariable as unknown as tf.Tensor3D, start), usage),
    all,
  );
  return all.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
}
