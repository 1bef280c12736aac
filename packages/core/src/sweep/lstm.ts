/** The LSTM of a sweep: equations (F1) - (F3) and (B35) - (B37) of docs/guide/backward-pass.md. */
import * as tf from "@tensorflow/tfjs-core";
import type { Series } from "./series.js";
import type { SweepSizes } from "./sizes.js";

/** Added to the forget gate's activation. */
const FORGET_BIAS = 1;

/** Columns of the gates in the variables: input gate, candidate, forget gate, output gate. */
type Gates = "gates" | "candidate" | "previousCell" | "cellTanh" | "previousRawCell";

/** What the way back needs of a step. */
export type LstmStep = Series<Gates> & { readonly features: tf.Tensor2D };

/**
 * The variables as one matrix: the biases are its last row, and the three gates that go through a sigmoid its first columns.
 *
 * @returns `[inputSize + readHeads wordSize + hiddenSize + 1, 4 hiddenSize]`: input, forget, output gate, candidate.
 */
export function lstmWeights(weights: tf.Tensor, biases: tf.Tensor, { hiddenSize }: SweepSizes): tf.Tensor2D {
  const forgetBias = new Float32Array(4 * hiddenSize).fill(FORGET_BIAS, 2 * hiddenSize, 3 * hiddenSize);
  const row = tf.reshape(tf.add(biases, tf.tensor1d(forgetBias)), [1, 4 * hiddenSize]);
  const [input, candidate, forget, output] = tf.split(tf.concat([weights, row], 0), 4, 1);
  return tf.concat([input, forget, output, candidate], 1) as tf.Tensor2D;
}

/** The gradient to the variables from that to the matrix, `lstmWeights`' inverse. */
export function lstmVariableGradients(gradient: tf.Tensor): [weights: tf.Tensor, biases: tf.Tensor] {
  const [input, forget, output, candidate] = tf.split(gradient, 4, 1);
  const [rows, columns] = gradient.shape;
  const [weights, biases] = tf.split(tf.concat([input, candidate, forget, output], 1), [rows - 1, 1], 0);
  return [weights, tf.reshape(biases, [columns])];
}

/**
 * One step.
 *
 * @param features - `[batch, rows of weights]`: inputs, words read, hidden units, 1.
 * @param cell - clipped, of the step before, with what it was before it was clipped.
 */
export function advanceLstm(
  features: tf.Tensor2D,
  cell: { readonly clipped: tf.Tensor; readonly raw: tf.Tensor },
  weights: tf.Tensor2D,
  { hiddenSize, clipValue }: SweepSizes,
): { hidden: tf.Tensor2D; cell: { clipped: tf.Tensor; raw: tf.Tensor }; kept: LstmStep } {
  const [squashed, centred] = tf.split(tf.matMul(features, weights), [3 * hiddenSize, hiddenSize], 1);
  const gates = tf.sigmoid(squashed);
  const candidate = tf.tanh(centred);
  const [input, forget, output] = tf.split(gates, 3, 1);
  const raw = tf.add(tf.mul(forget, cell.clipped), tf.mul(input, candidate));
  const cellTanh = tf.tanh(raw);
  const kept = { features, gates, candidate, previousCell: cell.clipped, previousRawCell: cell.raw, cellTanh };
  const clipped = clipValue > 0 ? tf.clipByValue(raw, -clipValue, clipValue) : raw;
  return { hidden: tf.mul(output, cellTanh), cell: { clipped, raw }, kept };
}

/**
 * By what the gradients are multiplied on the way back, for all steps at once:
 *
 *     gates:  i (1 - i) j,  f (1 - f) c',  o (1 - o) tanh c,  i (1 - j^2)
 *     hidden: o (1 - tanh(c)^2)                   what the cell gets of the hidden units' gradient
 *     cell:   f, and 0 where c' was clipped       what the cell before gets of the cell's
 */
export function lstmFactors(
  { gates, candidate, previousCell, previousRawCell, cellTanh }: Series<Gates>,
  { clipValue }: SweepSizes,
): Series<"ofGates" | "ofHidden" | "ofCell"> {
  const [input, forget, output] = tf.split(gates, 3, 2);
  const partners = tf.concat([candidate, previousCell, cellTanh], 2);
  const squashed = tf.mul(tf.mul(gates, tf.sub(1, gates)), partners);
  const centred = tf.mul(input, tf.sub(1, tf.square(candidate)));
  return {
    ofGates: tf.concat([squashed, centred], 2),
    ofHidden: tf.mul(output, tf.sub(1, tf.square(cellTanh))),
    ofCell:
      clipValue > 0 ? tf.mul(forget, tf.cast(tf.lessEqual(tf.abs(previousRawCell), clipValue), "float32")) : forget,
  };
}

/**
 * One step back.
 *
 * @param dHidden - the gradient to the hidden units, complete.
 * @param dCell - to the cell before it was clipped, from the step after.
 * @returns to the products of features and weights, and to the raw cell of the step before.
 */
export function lstmBackward(
  dHidden: tf.Tensor,
  dCell: tf.Tensor,
  { ofGates, ofHidden, ofCell }: Series<"ofGates" | "ofHidden" | "ofCell">,
): { dGates: tf.Tensor2D; dPreviousCell: () => tf.Tensor } {
  const d = tf.add(tf.mul(dHidden, ofHidden), dCell);
  return {
    dGates: tf.mul(tf.concat([d, d, dHidden, d], 1), ofGates),
    dPreviousCell: () => tf.mul(d, ofCell),
  };
}
