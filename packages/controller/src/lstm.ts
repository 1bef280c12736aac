import { assertShape, type CreateVariable, type NamedVariable, toFloat32 } from "@dnc/addressing";
import { checkInteger, checkKeys } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import { completeConfig } from "./config.js";
import type { Controller, ControllerStep } from "./controller.js";
import { disposeVariables, makeVariables, type Plan } from "./variables.js";

/** Added to the forget gate's activation, so that an untrained cell remembers. */
const FORGET_BIAS = 1;

/** Sizes and seed of an {@link Lstm}. */
export type LstmConfig = {
  /** Positive integer, width of the inputs. */
  readonly inputSize: number;
  /** Positive integer, number of units. */
  readonly hiddenSize: number;
  /** Integer from 0 to 2^31, fixes the initial values; default: 0. */
  readonly seed?: number | undefined;
};

/** State of an {@link Lstm}. */
export type LstmState = {
  /** `[batch, hiddenSize]`, each in [-1, 1]: the output of the step before. */
  readonly hidden: tf.Tensor2D;
  /** `[batch, hiddenSize]`, unbounded: the cell state. */
  readonly cell: tf.Tensor2D;
};

/**
 * Long short-term memory with forget gates and without peepholes: the controller of DeepMind's `dnc`.
 *
 *     const lstm = new Lstm({ inputSize: 6, hiddenSize: 32 });
 *     const { output, state } = lstm.step(tf.zeros([16, 6]), lstm.initialState(16));
 *
 * With `[i, j, f, o] = [inputs, hidden'] w_gates + b_gates`, four blocks of `hiddenSize` columns, and `'` for the
 * previous step:
 *
 *     cell   = sigmoid(f + 1) * cell' + sigmoid(i) * tanh(j)
 *     hidden = sigmoid(o) * tanh(cell)
 *     output = hidden
 *
 * Both `lstm/w_gates`, `[inputSize + hiddenSize, 4 hiddenSize]`, and `lstm/b_gates`, `[4 hiddenSize]`, start as
 * truncated normals with standard deviation `1 / sqrt(inputSize + hiddenSize)` before truncation. Nothing is clipped.
 *
 * Source: `snt.LSTM` of Sonnet v1 with its defaults, as used by the published code of Graves et al. 2016; the
 * equations are those of Methods, "Controller network", for one layer, plus the forget bias.
 */
export class Lstm implements Controller<LstmState> {
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
  constructor(config: LstmConfig, createVariable?: CreateVariable) {
    const { inputSize, hiddenSize, seed } = completeConfig(config);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.outputSize = hiddenSize;
    this.variables = makeVariables(lstmVariables("lstm", inputSize, hiddenSize), seed, createVariable);
  }

  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns `hidden` and `cell`, `[batch, hiddenSize]`, all zeros.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): LstmState {
    checkInteger("batchSize", batchSize, 1);
    return { hidden: tf.zeros([batchSize, this.hiddenSize]), cell: tf.zeros([batchSize, this.hiddenSize]) };
  }

  /**
   * Runs one step in time.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the previous step.
   * @returns `output`, `[batch, hiddenSize]`, equal to the next state's `hidden` but another tensor.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor.
   */
  step(inputs: tf.Tensor2D, state: LstmState): ControllerStep<LstmState> {
    assertShape("inputs", inputs, ["batch", this.inputSize]);
    checkKeys("state", state, ["hidden", "cell"]);
    checkLstmState("state", state, [inputs.shape[0], this.hiddenSize]);
    return tf.tidy(() => {
      const features = tf.concat([toFloat32(inputs), toFloat32(state.hidden)], 1);
      const next = advanceLstm(features, toFloat32(state.cell), this.variables);
      return { output: tf.clone(next.hidden), state: next };
    });
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    disposeVariables(this.variables);
  }
}

/** Plans the variables of an LSTM: weights, then biases, drawn from one distribution. */
export function lstmVariables(scope: string, inputSize: number, hiddenSize: number): readonly [Plan, Plan] {
  const rows = inputSize + hiddenSize;
  const stddev = 1 / Math.sqrt(rows);
  return [
    { name: `${scope}/w_gates`, shape: [rows, 4 * hiddenSize], stddev },
    { name: `${scope}/b_gates`, shape: [4 * hiddenSize], stddev },
  ];
}

/** Throws unless both tensors of an LSTM's state have this shape. */
export function checkLstmState(name: string, state: LstmState, shape: readonly number[]): void {
  assertShape(`${name}.hidden`, state?.hidden, shape);
  assertShape(`${name}.cell`, state?.cell, shape);
}

/** Applies the equations of {@link Lstm}: `features` is `[inputs, hidden']`, `[batch, rows]`. Call it within a tidy. */
export function advanceLstm(
  features: tf.Tensor2D,
  cell: tf.Tensor2D,
  [weights, biases]: readonly NamedVariable[],
): LstmState {
  const gates = tf.add(tf.matMul(features, weights.variable as tf.Tensor2D), biases.variable);
  const [i, j, f, o] = tf.split(gates, 4, 1); // each [batch, hiddenSize]
  const retained = tf.mul(tf.sigmoid(tf.add(f, FORGET_BIAS)), cell);
  const next = tf.add(retained, tf.mul(tf.sigmoid(i), tf.tanh(j))) as tf.Tensor2D;
  return { hidden: tf.mul(tf.sigmoid(o), tf.tanh(next)), cell: next };
}
