/** The LSTM and its gradients: equations (F1) - (F3) and (B35) - (B37) of docs/guide/backward-pass.md. */
import * as tf from "@tensorflow/tfjs-core";
import type { Series } from "./series.js";
import type { SequenceSizes } from "./sizes.js";

/** Added to the forget gate's activation. */
const FORGET_BIAS = 1;

/** Names of the values of each step that the backward pass needs, stacked over all steps. */
export const LSTM_SERIES = [
  "inputGate",
  "candidate",
  "forgetGate",
  "outputGate",
  "previousCell",
  "previousRawCell",
  "cellTanh",
] as const;

/** Values of one step that the backward pass needs. */
export type LstmStep = Series<(typeof LSTM_SERIES)[number]> & { readonly features: tf.Tensor2D };

type Cell = { readonly clipped: tf.Tensor; readonly raw: tf.Tensor };

/**
 * Splits the variables into one matrix per gate, in the order of their columns: input gate, candidate, forget gate, output gate.
 * The last row holds the biases.
 *
 * @returns `[4, inputSize + readHeads wordSize + hiddenSize + 1, hiddenSize]`.
 */
export function lstmWeights(weights: tf.Tensor, biases: tf.Tensor, { hiddenSize }: SequenceSizes): tf.Tensor3D {
  const forgetBias = new Float32Array(4 * hiddenSize).fill(FORGET_BIAS, 2 * hiddenSize, 3 * hiddenSize);
  const row = tf.reshape(tf.add(biases, tf.tensor1d(forgetBias)), [1, 4 * hiddenSize]);
  const byGate = tf.reshape(tf.concat([weights, row], 0), [-1, 4, hiddenSize]);
  return tf.transpose(byGate, [1, 0, 2]) as tf.Tensor3D;
}

/** Splits a gradient into the gradients to weights and to biases; the last row belongs to the biases. */
export function lstmVariableGradients(gradient: tf.Tensor): [weights: tf.Tensor, biases: tf.Tensor] {
  const [rows, columns] = gradient.shape;
  const [weights, biases] = tf.split(gradient, [(rows as number) - 1, 1], 0);
  return [weights, tf.reshape(biases, [columns as number])];
}

/**
 * Runs one step.
 *
 * @param features - `[batch, rows of weights]`: inputs, words read, hidden units, 1.
 * @param cell - cell state of the step before, clipped and unclipped.
 */
export function advanceLstm(
  features: tf.Tensor2D,
  cell: Cell,
  weights: tf.Tensor3D,
  { clipValue }: SequenceSizes,
): { hidden: tf.Tensor2D; cell: Cell; saved: LstmStep } {
  const sums = tf.matMul(features, weights); // [4, batch, hiddenSize]
  const [inputGate, , forgetGate, outputGate] = tf.unstack(tf.sigmoid(sums));
  const candidate = tf.tanh(tf.unstack(sums)[1]);
  const raw = tf.add(tf.mul(forgetGate, cell.clipped), tf.mul(inputGate, candidate));
  const cellTanh = tf.tanh(raw);
  const previous = { previousCell: cell.clipped, previousRawCell: cell.raw };
  const clipped = clipValue > 0 ? tf.clipByValue(raw, -clipValue, clipValue) : raw;
  return {
    hidden: tf.mul(outputGate, cellTanh),
    cell: { clipped, raw },
    saved: { features, inputGate, candidate, forgetGate, outputGate, ...previous, cellTanh },
  };
}

/**
 * Computes the factors of the gradients in the backward pass, for all steps at once:
 *
 *     gates:  i (1 - i) j,  i (1 - j^2),  f (1 - f) c',  o (1 - o) tanh c
 *     hidden: o (1 - tanh(c)^2)                   gradient to the cell per gradient to the hidden units
 *     cell:   f, and 0 where c' was clipped       gradient to the previous cell per gradient to the cell
 */
export function lstmFactors(
  series: Series<(typeof LSTM_SERIES)[number]>,
  { clipValue }: SequenceSizes,
): Series<"ofGates" | "ofHidden" | "ofCell"> {
  const { inputGate, candidate, forgetGate, outputGate, previousCell, previousRawCell, cellTanh } = series;
  const squashed = (gate: tf.Tensor, partner: tf.Tensor) => tf.mul(tf.mul(gate, tf.sub(1, gate)), partner);
  const centred = (gate: tf.Tensor, squashed: tf.Tensor) => tf.mul(gate, tf.sub(1, tf.square(squashed)));
  const inside = () => tf.cast(tf.lessEqual(tf.abs(previousRawCell), clipValue), "float32");
  const ofGates = [
    squashed(inputGate, candidate),
    centred(inputGate, candidate),
    squashed(forgetGate, previousCell),
    squashed(outputGate, cellTanh),
  ];
  return {
    ofGates: tf.concat(ofGates, 2),
    ofHidden: centred(outputGate, cellTanh),
    ofCell: clipValue > 0 ? tf.mul(forgetGate, inside()) : forgetGate,
  };
}

/**
 * Runs the backward pass of one step.
 *
 * @param dHidden - the complete gradient to the hidden units.
 * @param dCell - gradient to the unclipped cell, from the step after.
 * @returns gradients to the gates before their activation functions, and to the unclipped cell of the step before.
 */
export function lstmBackward(
  dHidden: tf.Tensor,
  dCell: tf.Tensor,
  { ofGates, ofHidden, ofCell }: Series<"ofGates" | "ofHidden" | "ofCell">,
): { dGates: tf.Tensor2D; dPreviousCell: () => tf.Tensor } {
  const d = tf.add(tf.mul(dHidden, ofHidden), dCell);
  return {
    dGates: tf.mul(tf.concat([d, d, d, dHidden], 1), ofGates),
    dPreviousCell: () => tf.mul(d, ofCell),
  };
}
