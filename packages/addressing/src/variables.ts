import type * as tf from "@tensorflow/tfjs-core";

/** A trainable variable and its stable name, such as `lstm/w_gates`. */
export type NamedVariable = {
  /** Path of the variable within its owner; unlike `variable.name` the same in every instance and every process. */
  readonly name: string;
  /** The variable itself; it lives until its owner is disposed. */
  readonly variable: tf.Variable;
};

/**
 * Makes the variable for a name.
 *
 * A hook for owners that hold the variables themselves, such as a layer of tf.layers.
 *
 * @param name - stable name, unique within the owner.
 * @param initial - returns a new tensor with the initial value, which belongs to the caller; without a call nothing is drawn.
 * @returns a variable with the shape and dtype of `initial()`.
 */
export type CreateVariable = (name: string, initial: () => tf.Tensor) => tf.Variable;
