import { assertShape, type CreateVariable, type NamedVariable, toFloat32 } from "@dnc/addressing";
import { checkInteger, checkKeys } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import { completeConfig } from "./config.js";
import type { Controller, ControllerStep } from "./controller.js";
import { disposeVariables, makeVariables } from "./variables.js";

/** Sizes and seed of a {@link FeedForward}. */
export type FeedForwardConfig = {
  /** Positive integer, width of the inputs. */
  readonly inputSize: number;
  /** Positive integer, number of units. */
  readonly hiddenSize: number;
  /** Integer from 0 to 2^31, fixes the initial values; default: 0. */
  readonly seed?: number | undefined;
};

/** State of a {@link FeedForward}: empty. */
export type FeedForwardState = { readonly [key: string]: never };

/**
 * One dense layer without recurrence: a core with this controller remembers only through its external memory.
 *
 *     output = tanh(inputs w + b)
 *
 * `feed_forward/w`, `[inputSize, hiddenSize]`, starts as a truncated normal with standard deviation
 * `1 / sqrt(inputSize)` before truncation, `feed_forward/b`, `[hiddenSize]`, as zeros.
 *
 * Source: Graves et al. 2016, Methods, "Controller network", which allows any network and mentions feed-forward ones.
 */
export class FeedForward implements Controller<FeedForwardState> {
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
  constructor(config: FeedForwardConfig, createVariable?: CreateVariable) {
    const { inputSize, hiddenSize, seed } = completeConfig(config);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.outputSize = hiddenSize;
    const plans = [
      { name: "feed_forward/w", shape: [inputSize, hiddenSize], stddev: 1 / Math.sqrt(inputSize) },
      { name: "feed_forward/b", shape: [hiddenSize] },
    ];
    this.variables = makeVariables(plans, seed, createVariable);
  }

  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns an empty object.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): FeedForwardState {
    checkInteger("batchSize", batchSize, 1);
    return {};
  }

  /**
   * Runs one step in time; it depends on no other step.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - an empty object.
   * @returns `output`, `[batch, hiddenSize]`, each in [-1, 1], and the same empty `state`.
   * @throws RangeError if the shape does not fit; TypeError if `inputs` is not a tensor or `state` is not empty.
   */
  step(inputs: tf.Tensor2D, state: FeedForwardState): ControllerStep<FeedForwardState> {
    assertShape("inputs", inputs, ["batch", this.inputSize]);
    checkKeys("state", state, []);
    const [weights, biases] = this.variables.map(({ variable }) => variable);
    const output = tf.tidy(
      () => tf.tanh(tf.add(tf.matMul(toFloat32(inputs), weights as tf.Tensor2D), biases)) as tf.Tensor2D,
    );
    return { output, state };
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    disposeVariables(this.variables);
  }
}
