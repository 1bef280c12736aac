import * as tf from "@tensorflow/tfjs-core";

/** A trainable variable and its name in the reference, which unlike `variable.name` is the same in every instance. */
export interface NamedVariable {
  /** Path of the variable within its owner, such as `memory_access/write_gate/w`; the same in every process. */
  readonly name: string;
  /** The variable itself; it lives until its owner is disposed. */
  readonly variable: tf.Variable;
}

/**
 * Creates the variable for a name. Callers that must own the variables, such as a `tf.layers` layer, pass their own
 * function.
 *
 * @param name - stable name, unique within the owner.
 * @param initial - draws the initial value, which belongs to its caller.
 * @returns a variable with the shape and dtype of `initial()`.
 */
export type CreateVariable = (name: string, initial: () => tf.Tensor) => tf.Variable;

/** Creates a new `tf.Variable`. */
export const createFreeVariable: CreateVariable = (_name, initial) => tf.tidy(() => tf.variable(initial()));
