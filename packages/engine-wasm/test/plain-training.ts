/** Training by definition: the loss and its gradients step by step in TensorFlow.js ops, clipping and updates in plain numbers. */
import type { DncState } from "@dnc/core";
import type { BatchArrays, CompleteOptimizerOptions, LossName } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { composed, type Dnc } from "./support.js";

/** Options of a `PlainTraining`, all of them. */
export interface PlainOptions {
  readonly optimizer: CompleteOptimizerOptions;
  readonly maxGradNorm: number;
  readonly loss: LossName;
  readonly groupSizes: readonly number[];
  readonly carryState: boolean;
}

/** Trains a core as the engine's trainer does, slowly. */
export class PlainTraining {
  readonly #core: Dnc;
  readonly #options: PlainOptions;
  /** For each variable two quantities of the optimizer: mean squares and update, or first and second moments. */
  readonly #state: (readonly [Float64Array, Float64Array])[];
  #steps = 0;
  #carried: DncState | undefined;

  constructor(core: Dnc, options: PlainOptions) {
    this.#core = core;
    this.#options = options;
    this.#state = core.variables.map(({ variable: { size } }) => [
      new Float64Array(size).fill(options.optimizer.type === "rmsprop" ? 1 : 0),
      new Float64Array(size),
    ]);
  }

  step(batch: BatchArrays): { loss: number; globalNorm: number } {
    const { maxGradNorm, carryState } = this.#options;
    const variables = this.#core.variables.map(({ variable }) => variable);
    let finalState: DncState | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const result = this.#run(batch);
      if (carryState) finalState = keptState(result.finalState);
      return this.#loss(result.outputs, batch);
    }, variables);
    this.#carried = finalState;
    const gradients = variables.map(({ name }) => Array.from(grads[name].dataSync()));
    const globalNorm = Math.sqrt(gradients.flat().reduce((sum, g) => sum + g * g, 0));
    const scale = Math.min(1, maxGradNorm / globalNorm);
    this.#steps++;
    for (const [index, variable] of variables.entries()) {
      const values = Array.from(
        variable.dataSync(),
        (value, i) => value - this.#update(index, i, gradients[index][i] * scale),
      );
      variable.assign(tf.tensor(values, variable.shape));
    }
    return { loss: value.dataSync()[0], globalNorm };
  }

  #update(index: number, i: number, g: number): number {
    const { optimizer } = this.#options;
    const [first, second] = this.#state[index];
    if (optimizer.type === "rmsprop") {
      first[i] = optimizer.decay * first[i] + (1 - optimizer.decay) * g * g;
      second[i] =
        optimizer.momentum * second[i] + (optimizer.learningRate * g) / Math.sqrt(first[i] + optimizer.epsilon);
      return second[i];
    }
    const { beta1, beta2, learningRate, epsilon } = optimizer;
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    const [m, v] = [first[i] / (1 - beta1 ** this.#steps), second[i] / (1 - beta2 ** this.#steps)];
    return (learningRate * m) / (Math.sqrt(v) + epsilon);
  }

  #run({ timeSteps, batchSize, inputs, lengths, inputMask, newSequences }: BatchArrays) {
    const x = tf.tensor3d(inputs, [timeSteps, batchSize, this.#core.config.inputSize]);
    const mask = inputMask && tf.tensor2d(inputMask, [timeSteps, batchSize]);
    const select = { ...(lengths && { lengths }), ...(mask && { inputMask: mask }) };
    return composed(this.#core, x, newSequences ? undefined : this.#carried, select);
  }

  #loss(x: tf.Tensor3D, { timeSteps, batchSize, targets, mask }: BatchArrays): tf.Scalar {
    const z = tf.tensor3d(targets, [timeSteps, batchSize, this.#core.config.outputSize]);
    const counted = tf.tensor2d(mask, [timeSteps, batchSize]);
    return tf.div(tf.sum(tf.mul(tf.sum(this.#elements(x, z), 2), counted)), batchSize);
  }

  #elements(x: tf.Tensor3D, z: tf.Tensor3D): tf.Tensor {
    const { loss, groupSizes } = this.#options;
    if (loss === "linear") return tf.mul(x, z);
    if (loss === "squared") return tf.mul(0.5, tf.square(tf.sub(x, z)));
    if (loss === "sigmoid") return tf.add(tf.sub(tf.relu(x), tf.mul(x, z)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    if (groupSizes.length === 1) return tf.neg(tf.mul(z, tf.logSoftmax(x, 2)));
    const groups = tf.split(x, [...groupSizes], 2).map((group) => tf.logSoftmax(group, 2));
    return tf.neg(tf.mul(z, tf.concat(groups, 2)));
  }
}

function keptState(state: DncState): DncState {
  const keep = (tree: object): object =>
    tree instanceof tf.Tensor
      ? tf.keep(tf.tensor(tree.dataSync(), tree.shape))
      : Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, keep(child as object)]));
  return keep(state) as DncState;
}
