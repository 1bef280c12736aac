import type { NamedVariable } from "@dnc/core";
import { newShare, type OptimizerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { checkTargets, completeHyperparameters, VariableOptimizer } from "./variable-optimizer.js";

const DEFAULTS = { learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, momentum: 0 };

/** Hyperparameters of RMSProp; the defaults are the reference's. */
export interface RmsPropOptions {
  /** Step size, above 0; default: 1e-4. */
  learningRate?: number | undefined;
  /** Decay of the mean squares per step, in [0, 1); default: 0.9. */
  decay?: number | undefined;
  /** Added inside the root, above 0; default: 1e-10. */
  epsilon?: number | undefined;
  /** Fraction of the previous update that is added, in [0, 1); default: 0. */
  momentum?: number | undefined;
}

/**
 * Updates variables with RMSProp as in TensorFlow 1: the mean squares start at 1, not 0, and epsilon is inside the root.
 * The first updates are therefore about `learningRate * gradient`, not `learningRate * sign(gradient)`.
 *
 *     const optimizer = new RmsProp(network.variables, { learningRate: 1e-3 });
 *     const { gradients } = lossAndGradients(network, lossFunction(task), task.sampleBatch(random));
 *     optimizer.apply(clipByGlobalNorm(gradients, 50).clipped);
 *
 *     s <- s + (g^2 - s) (1 - decay),  m <- momentum m + learningRate g / sqrt(s + epsilon),  v <- v - m
 *
 * Source: Tieleman and Hinton 2012, lecture 6.5; TensorFlow's `RMSPropOptimizer`.
 */
export class RmsProp extends VariableOptimizer {
  /** The mean squares, named `rms/<name>`, then with momentum the last updates, named `momentum/<name>`. */
  readonly variables: readonly NamedVariable[];
  /** `meanSquares` and, with momentum, `momentum`. */
  readonly state: Readonly<Record<string, readonly NamedVariable[]>>;
  readonly #decay: number;
  readonly #epsilon: number;
  readonly #momentum: number;

  /**
   * @param targets - The variables that `apply` updates; they still belong to the caller.
   * @param options - Step size, decay, epsilon and momentum; default: the reference's.
   * @throws TypeError if the targets are not named variables, for an unknown option or one that is not a number;
   *   RangeError for a number out of range.
   */
  constructor(targets: readonly NamedVariable[], options: RmsPropOptions = {}) {
    checkTargets(targets);
    const { learningRate, decay, epsilon, momentum } = completeHyperparameters(options, DEFAULTS);
    super(targets, learningRate);
    this.#decay = decay;
    this.#epsilon = epsilon;
    this.#momentum = momentum;
    const meanSquares = this.createVariables("rms", 1);
    const updates = momentum > 0 ? this.createVariables("momentum", 0) : undefined;
    this.state = updates === undefined ? { meanSquares } : { meanSquares, momentum: updates };
    this.variables = [...meanSquares, ...(updates ?? [])];
  }

  /** The hyperparameters, under the names of an engine's options. */
  get options(): OptimizerOptions {
    const { learningRate } = this;
    return { type: "rmsprop", learningRate, decay: this.#decay, epsilon: this.#epsilon, momentum: this.#momentum };
  }

  /**
   * Updates the mean squares and the momentum.
   *
   * @param gradient - Gradient of all variables.
   * @returns What is subtracted from the variables.
   */
  protected update(gradient: tf.Tensor1D): tf.Tensor {
    const { meanSquares, momentum } = this.state;
    const slot = this.join(meanSquares);
    const change = tf.mul(tf.sub(tf.square(gradient), slot), newShare(this.#decay));
    const next = tf.add(slot, change) as tf.Tensor1D;
    const step = tf.div(tf.mul(gradient, this.learningRate), tf.sqrt(tf.add(next, this.#epsilon)));
    this.assign(meanSquares, next);
    if (momentum === undefined) return step;
    const update = tf.add(tf.mul(this.join(momentum), this.#momentum), step) as tf.Tensor1D;
    this.assign(momentum, update);
    return update;
  }
}
