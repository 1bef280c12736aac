import type { NamedVariable } from "@dnc/core";
import { biasCorrections, momentShare, type OptimizerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { checkTargets, completeHyperparameters, VariableOptimizer } from "./variable-optimizer.js";

const DEFAULTS = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Hyperparameters of Adam; the defaults are the paper's. */
export interface AdamOptions {
  /** Step size, above 0; default: 1e-3. */
  learningRate?: number | undefined;
  /** Decay of the mean of the gradients per step, in [0, 1); default: 0.9. */
  beta1?: number | undefined;
  /** Decay of the mean of the squared gradients per step, in [0, 1); default: 0.999. */
  beta2?: number | undefined;
  /** Added to the root, above 0; default: 1e-8. */
  epsilon?: number | undefined;
}

/**
 * Updates variables with Adam: the mean of each gradient, divided by the root of the mean of its square, both corrected
 * for their start at zero.
 *
 *     const optimizer = new Adam(network.variables, { learningRate: 2e-3 });
 *     await train({ network, task, optimizer, iterations: 1000 });
 *
 *     m <- beta1 m + (1 - beta1) g,  s <- beta2 s + (1 - beta2) g^2
 *     v <- v - learningRate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)  in update t = 1, 2, ...
 *
 * Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", Algorithm 1. TensorFlow's `AdamOptimizer` adds
 * epsilon before the correction, which is not the same.
 */
export class Adam extends VariableOptimizer {
  /** The means, named `adam_m/<name>` and `adam_v/<name>`, then the number of updates, `adam/steps`. */
  readonly variables: readonly NamedVariable[];
  /** `firstMoments`, `secondMoments` and `steps`, which has shape [1]. */
  readonly state: Readonly<Record<"firstMoments" | "secondMoments" | "steps", readonly NamedVariable[]>>;
  readonly #options: Readonly<Record<"beta1" | "beta2" | "epsilon", number>>;
  readonly #stepsVariable: tf.Variable;
  /** The number of updates, and the data of the variable that holds it: other data means that it was assigned. */
  #steps: { readonly count: number; readonly dataId: object };

  /**
   * @param targets - The variables that `apply` updates; they still belong to the caller.
   * @param options - Step size, decays and epsilon; default: the paper's.
   * @throws TypeError if the targets are not named variables, for an unknown option or one that is not a number;
   *   RangeError for a number out of range.
   */
  constructor(targets: readonly NamedVariable[], options: AdamOptions = {}) {
    checkTargets(targets);
    const { learningRate, ...rest } = completeHyperparameters(options, DEFAULTS);
    super(targets, learningRate);
    this.#options = rest;
    const firstMoments = this.createVariables("adam_m", 0);
    const secondMoments = this.createVariables("adam_v", 0);
    this.#stepsVariable = tf.tidy(() => tf.variable(tf.zeros([1]), false));
    this.#steps = { count: 0, dataId: this.#stepsVariable.dataId };
    this.state = { firstMoments, secondMoments, steps: [{ name: "adam/steps", variable: this.#stepsVariable }] };
    this.variables = [...firstMoments, ...secondMoments, ...this.state.steps];
  }

  /** The hyperparameters, under the names of an engine's options. */
  get options(): OptimizerOptions {
    return { type: "adam", learningRate: this.learningRate, ...this.#options };
  }

  /** Reads the number of updates, if its variable was assigned. */
  override async prepare(): Promise<void> {
    const { dataId } = this.#stepsVariable;
    if (dataId !== this.#steps.dataId) this.#steps = { count: (await this.#stepsVariable.data())[0], dataId };
  }

  /**
   * Updates both means and the number of updates.
   *
   * @param gradient - Gradient of all variables.
   * @returns What is subtracted from the variables.
   */
  protected update(gradient: tf.Tensor1D): tf.Tensor {
    const { beta1, beta2, epsilon } = this.#options;
    const count = this.#currentSteps() + 1;
    const { first, second } = biasCorrections({ beta1, beta2 }, count);
    const mean = (variables: readonly NamedVariable[], value: tf.Tensor, decay: number) => {
      const next = tf.add(tf.mul(this.join(variables), decay), tf.mul(value, momentShare(decay))) as tf.Tensor1D;
      this.assign(variables, next);
      return next;
    };
    const firstMoment = mean(this.state.firstMoments, gradient, beta1);
    const secondMoment = mean(this.state.secondMoments, tf.square(gradient), beta2);
    this.#stepsVariable.assign(tf.tensor1d([count]));
    this.#steps = { count, dataId: this.#stepsVariable.dataId };
    const root = tf.add(tf.sqrt(tf.mul(secondMoment, second)), epsilon);
    return tf.div(tf.mul(tf.mul(firstMoment, first), this.learningRate), root);
  }

  #currentSteps(): number {
    const { dataId } = this.#stepsVariable;
    if (dataId === this.#steps.dataId) return this.#steps.count;
    throw new Error("adam/steps: expected a call of prepare after the variable was assigned, got none");
  }
}
