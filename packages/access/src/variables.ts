import * as tf from "@tensorflow/tfjs-core";

/** A trainable variable under the reference's name for it, which unlike `variable.name` is the same in every instance. */
export interface NamedVariable {
  /** Path of the variable within its owner, such as `memory_access/write_gate/w`; the same in every process. */
  readonly name: string;
  /** The variable itself; it lives until its owner is disposed. */
  readonly variable: tf.Variable;
}

/**
 * Makes the variable for a name. A caller that must own the variables, such as a `tf.layers` layer, passes its own.
 *
 * @param name - stable name, unique within the owner.
 * @param initial - draws the initial value, which then belongs to whoever called it.
 * @returns a variable with the shape and dtype of `initial()`.
 */
export type CreateVariable = (name: string, initial: () => tf.Tensor) => tf.Variable;

/** Creates a new `tf.Variable`. */
export const createFreeVariable: CreateVariable = (_name, initial) => tf.tidy(() => tf.variable(initial()));
