import { assertShape, type CreateVariable, type NamedVariable, toFloat32 } from "@dnc/addressing";
import { checkInteger, checkKeys } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import { completeConfig } from "./config.js";
import type { Controller, ControllerStep } from "./controller.js";
import { disposeVariables, makeVariables } from "./variables.js";

/** Sizes and seed of a {@link Gru}. */
export type GruConfig = {
  /** Positive integer, width of the inputs. */
  readonly inputSize: number;
  /** Positive integer, number of units. */
  readonly hiddenSize: number;
  /** Integer from 0 to 2^31, fixes the initial values; default: 0. */
  readonly seed?: number | undefined;
};

/** State of a {@link Gru}. */
export type GruState = {
  /** `[batch, hiddenSize]`, each in [-1, 1]: the output of the step before. */
  readonly hidden: tf.Tensor2D;
};

/**
 * Gated recurrent unit: the update gate interpolates between the previous state and a candidate.
 *
 * With `[reset, update] = sigmoid([inputs, hidden'] w_gates + b_gates)`, two blocks of `hiddenSize` columns, and `'`
 * for the previous step:
 *
 *     candidate = tanh([inputs, reset * hidden'] w_candidate + b_candidate)
 *     hidden    = update * hidden' + (1 - update) * candidate
 *     output    = hidden
 *
 * The variables are `gru/w_gates`, `[inputSize + hiddenSize, 2 hiddenSize]`, `gru/b_gates`, `[2 hiddenSize]`,
 * `gru/w_candidate`, `[inputSize + hiddenSize, hiddenSize]`, and `gru/b_candidate`, `[hiddenSize]`. Weights start as
 * truncated normals with standard deviation `1 / sqrt(inputSize + hiddenSize)` before truncation, biases as zeros.
 *
 * Source: Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for statistical machine
 * translation", equations 5 to 8, with biases added. As there, the reset gate is applied before the matrix product.
 */
export class Gru implements Controller<GruState> {
  readonly inputSize: number;
  /** Number of units. */
  readonly hiddenSize: number;
  readonly outputSize: number;
  readonly variables: readonly NamedVariable[];

  /**
   * @param config - sizes and seed.
   * @param createVariable - creates each variable; default: new trainable variables.
   * @throws TypeError for an unknown key or a value of the wrong kind; RangeError for a number out of range.
   */
  constructor(config: GruConfig, createVariable?: CreateVariable) {
    const { inputSize, hiddenSize, seed } = completeConfig(config);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.outputSize = hiddenSize;
    const rows = inputSize + hiddenSize;
    const stddev = 1 / Math.sqrt(rows);
    const plans = [
      { name: "gru/w_gates", shape: [rows, 2 * hiddenSize], stddev },
      { name: "gru/b_gates", shape: [2 * hiddenSize] },
      { name: "gru/w_candidate", shape: [rows, hiddenSize], stddev },
      { name: "gru/b_candidate", shape: [hiddenSize] },
    ];
    this.variables = makeVariables(plans, seed, createVariable);
  }

  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns `hidden`, `[batch, hiddenSize]`, all zeros.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): GruState {
    checkInteger("batchSize", batchSize, 1);
    return { hidden: tf.zeros([batchSize, this.hiddenSize]) };
  }

  /**
   * Runs one step in time.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the previous step.
   * @returns `output`, `[batch, hiddenSize]`, equal to the next state's `hidden` but another tensor.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor.
   */
  step(inputs: tf.Tensor2D, state: GruState): ControllerStep<GruState> {
    assertShape("inputs", inputs, ["batch", this.inputSize]);
    checkKeys("state", state, ["hidden"]);
    assertShape("state.hidden", state.hidden, [inputs.shape[0], this.hiddenSize]);
    return tf.tidy(() => {
      const [seen, previous] = [toFloat32(inputs), toFloat32(state.hidden)];
      const [gateWeights, gateBiases, weights, biases] = this.variables.map(({ variable }) => variable);
      const features = tf.concat([seen, previous], 1);
      const gates = tf.sigmoid(tf.add(tf.matMul(features, gateWeights as tf.Tensor2D), gateBiases));
      const [reset, update] = tf.split(gates, 2, 1); // each [batch, hiddenSize]
      const resetFeatures = tf.concat([seen, tf.mul(reset, previous)], 1);
      const candidate = tf.tanh(tf.add(tf.matMul(resetFeatures, weights as tf.Tensor2D), biases));
      // The interpolation of the equation, with one product instead of two.
      const hidden = tf.add(candidate, tf.mul(update, tf.sub(previous, candidate))) as tf.Tensor2D;
      return { output: tf.clone(hidden), state: { hidden } };
    });
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    disposeVariables(this.variables);
  }
}
