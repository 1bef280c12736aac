import * as tf from "@tensorflow/tfjs-core";

/** A trainable variable under the reference's name for it, which unlike `variable.name` is the same in every instance. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/**
 * Makes the variable for a name. A caller that must own the variables, such as a `tf.layers` layer, passes its own.
 * `initial` draws the initial value, which then belongs to whoever called it.
 */
export type CreateVariable = (name: string, initial: () => tf.Tensor) => tf.Variable;

/** The variables' usual home: free-standing `tf.Variable`s. */
export const createFreeVariable: CreateVariable = (_name, initial) => tf.tidy(() => tf.variable(initial()));
