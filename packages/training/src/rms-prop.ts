import type { NamedVariable } from "@dnc/core";
import type { OptimizerOptions } from "@dnc/core/engine";
import { checkNumber, checkPositive } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { FlatTensors } from "./flat-tensors.js";

const OPTIONS: readonly string[] = ["learningRate", "decay", "epsilon"];

/** Hyperparameters of RMSProp; the defaults are the reference's. */
export interface RmsPropOptions {
  /** Step size, above 0; default: 1e-4. */
  learningRate?: number | undefined;
  /** Decay of the mean squares per step, in [0, 1); default: 0.9. */
  decay?: number | undefined;
  /** Added inside the root, above 0; default: 1e-10. */
  epsilon?: number | undefined;
}

/**
 * Updates variables with RMSProp as in TensorFlow 1, without momentum: the mean squares start at 1, not 0, and epsilon
 * is inside the root. The first updates are therefore about `learningRate * gradient`, not
 * `learningRate * sign(gradient)`.
 *
 *     const optimizer = new RmsProp(network.variables, { learningRate: 1e-3 });
 *     const { gradients } = lossAndGradients(network, lossFunction(task), task.sampleBatch(random));
 *     optimizer.apply(clipByGlobalNorm(gradients, 50).clipped);
 *
 *     s <- s + (g^2 - s) (1 - decay),  v <- v - learningRate g / sqrt(s + epsilon)
 *
 * Source: Tieleman and Hinton 2012, lecture 6.5; TensorFlow's `RMSPropOptimizer`.
 */
export class RmsProp {
  /** The mean squares, named `rms/<name>`, one per variable in the same order. */
  readonly variables: readonly NamedVariable[];
  /** Concatenates all variables, or their gradients, to one vector. */
  readonly flat: FlatTensors;
  readonly #targets: readonly tf.Variable[];
  #learningRate: number;
  readonly #decay: number;
  readonly #newShare: number;
  readonly #epsilon: number;

  /**
   * @param targets - The variables that `apply` updates; they still belong to the caller.
   * @param options - Step size, decay and epsilon; default: the reference's.
   * @throws TypeError if the targets are not named variables, for an unknown option or one that is not a number;
   *   RangeError for a number out of range.
   */
  constructor(targets: readonly NamedVariable[], options: RmsPropOptions = {}) {
    checkTargets(targets);
    const { learningRate, decay, epsilon } = checked(options);
    this.#learningRate = learningRate;
    this.#decay = decay;
    this.#epsilon = epsilon;
    // TensorFlow computes 1 - decay in float32.
    this.#newShare = Math.fround(1 - Math.fround(decay));
    this.#targets = targets.map(({ variable }) => variable);
    this.flat = new FlatTensors(this.#targets.map(({ shape }) => shape));
    this.variables = targets.map(({ name, variable }) => ({
      name: `rms/${name}`,
      variable: tf.tidy(() => tf.variable(tf.ones(variable.shape), false)),
    }));
  }

  /** The hyperparameters, under the names of an engine's options. */
  get options(): OptimizerOptions {
    return { type: "rmsprop", learningRate: this.#learningRate, decay: this.#decay, epsilon: this.#epsilon };
  }

  /** Learning rate of the following updates, above 0; a schedule may change it. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /**
   * Sets the learning rate of the following updates.
   *
   * @param learningRate - Above 0.
   */
  set learningRate(learningRate: number) {
    checkPositive("learningRate", learningRate);
    this.#learningRate = learningRate;
  }

  /**
   * Updates every variable.
   *
   * @param gradients - One per variable, in their order; they still belong to the caller.
   * @throws RangeError if their number or a shape differs; then nothing has changed.
   */
  apply(gradients: readonly tf.Tensor[]): void {
    if (gradients.length !== this.#targets.length) {
      throw new RangeError(`gradients: expected ${this.#targets.length} tensors, got ${gradients.length}`);
    }
    gradients.forEach(({ shape }, index) => {
      const expected = this.#targets[index].shape;
      if (String(shape) !== String(expected)) {
        throw new RangeError(`gradients[${index}]: expected [${expected.join(", ")}], got [${shape.join(", ")}]`);
      }
    });
    const flat = this.flat.join(gradients);
    this.applyFlat(flat);
    flat.dispose();
  }

  /**
   * Updates every variable, like `apply`.
   *
   * @param gradient - Gradient of all variables, concatenated by `flat`; it still belongs to the caller.
   * @throws RangeError if its size differs; then nothing has changed.
   */
  applyFlat(gradient: tf.Tensor1D): void {
    const size = this.#targets.reduce((sum, target) => sum + target.size, 0);
    if (gradient.size !== size)
      throw new RangeError(`gradient: expected [${size}], got [${gradient.shape.join(", ")}]`);
    const slots = this.variables.map(({ variable }) => variable);
    tf.tidy(() => {
      const slot = this.flat.join(slots);
      const next = tf.add(slot, tf.mul(tf.sub(tf.square(gradient), slot), this.#newShare)) as tf.Tensor1D;
      const step = tf.div(tf.mul(gradient, this.#learningRate), tf.sqrt(tf.add(next, this.#epsilon)));
      const moved = tf.sub(this.flat.join(this.#targets), step) as tf.Tensor1D;
      this.flat.split(next).forEach((value, index) => {
        slots[index].assign(value);
      });
      this.flat.split(moved).forEach((value, index) => {
        this.#targets[index].assign(value);
      });
    });
  }

  /** Disposes the mean squares, but not the targets. */
  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
  }
}

function checkTargets(targets: readonly NamedVariable[]): void {
  if (!Array.isArray(targets)) {
    throw new TypeError(`targets: expected an array of named variables, got ${kindOf(targets)}`);
  }
  targets.forEach((target: Partial<NamedVariable> | undefined, index) => {
    if (typeof target?.name === "string" && target.variable instanceof tf.Variable) return;
    throw new TypeError(`targets[${index}]: expected { name, variable }, got ${kindOf(target)}`);
  });
}

/** Fills in the defaults and checks the options. */
function checked(options: RmsPropOptions): Record<keyof RmsPropOptions, number> {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options: expected an object, got ${kindOf(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (OPTIONS.includes(key)) continue;
    throw new TypeError(`unknown option key "${key}"; expected one of ${OPTIONS.join(", ")}`);
  }
  const { learningRate = 1e-4, decay = 0.9, epsilon = 1e-10 } = options;
  checkPositive("learningRate", learningRate);
  checkNumber("decay", decay);
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`decay: expected a number in [0, 1), got ${decay}`);
  const rounded = Math.fround(decay);
  if (rounded === 1 || (rounded === 0 && decay !== 0))
    throw new RangeError(`decay: expected a number in [0, 1) in float32, got ${decay}, which is ${rounded} there`);
  checkPositive("epsilon", epsilon);
  return { learningRate, decay, epsilon };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
