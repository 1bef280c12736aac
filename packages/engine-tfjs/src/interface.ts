/** Interface parameters and their gradients: equations (F4), (B32), (B33) and (B40) of docs/guide/backward-pass.md. */
import * as tf from "@tensorflow/tfjs-core";
import type { SequenceSizes } from "./sizes.js";

/** The layers in the order of the variables. */
const LAYERS = [
  "writeVectors",
  "eraseVectors",
  "freeGate",
  "allocationGate",
  "writeGate",
  "readMode",
  "writeKeys",
  "writeStrengths",
  "readKeys",
  "readStrengths",
] as const;

type Layer = (typeof LAYERS)[number];

/** Order of the columns in the forward pass: layers with the same activation function are adjacent. */
const FORWARD: readonly Layer[] = [
  "eraseVectors",
  "allocationGate",
  "writeGate",
  "freeGate",
  "writeStrengths",
  "readStrengths",
  "readMode",
  "writeVectors",
  "writeKeys",
  "readKeys",
];

/**
 * Order of the columns in the backward pass, which is the order of the gradients; modes and strength follow, head by
 * head.
 */
const BACKWARD: readonly Layer[] = [
  "writeKeys",
  "writeStrengths",
  "allocationGate",
  "writeGate",
  "writeVectors",
  "eraseVectors",
  "freeGate",
  "readKeys",
];

/** Backward, forward and content. */
const MODES = 3;

/** The interface parameters of one step; `heads`: the write head, then the read heads. */
export type InterfaceParameters = {
  /** `[batch, 1, wordSize + 2 + readHeads]`: erase vector, allocation gate, write gate, free gates. */
  readonly gates: tf.Tensor;
  readonly eraseVectors: tf.Tensor;
  readonly allocationGate: tf.Tensor;
  readonly writeGate: tf.Tensor;
  /** `[batch, readHeads, 1]`. */
  readonly freeGate: tf.Tensor;
  /** `[batch, heads, 1]`, raw. */
  readonly strengths: tf.Tensor;
  /** `[batch, readHeads, 1, modes]`. */
  readonly readMode: tf.Tensor;
  /** `[batch, 1, wordSize]`. */
  readonly writeVectors: tf.Tensor;
  /** `[batch, heads, wordSize]`. */
  readonly keys: tf.Tensor;
};

/** The concatenated weights of all layers, `[hiddenSize, interfaceSize]`, in both orders of columns, and the biases. */
export type InterfaceMatrices = {
  readonly forward: tf.Tensor2D;
  readonly biases: tf.Tensor1D;
  readonly backward: tf.Tensor2D;
};

/**
 * Concatenates the weights of the layers.
 *
 * @param variables - weights and biases of each layer.
 */
export function interfaceMatrices(variables: readonly tf.Tensor[], { readHeads }: SequenceSizes): InterfaceMatrices {
  const weight = (layer: Layer) => variables[2 * LAYERS.indexOf(layer)];
  const bias = (layer: Layer) => variables[2 * LAYERS.indexOf(layer) + 1];
  const rows = weight("readMode").shape[0];
  const perHead = (layer: Layer, columns: number) => tf.reshape(weight(layer), [rows, readHeads, columns]);
  const modesAndStrengths = tf.concat([perHead("readMode", MODES), perHead("readStrengths", 1)], 2);
  const last = tf.reshape(modesAndStrengths, [rows, readHeads * (MODES + 1)]);
  return {
    forward: tf.concat(FORWARD.map(weight), 1) as tf.Tensor2D,
    biases: tf.concat(FORWARD.map(bias), 0) as tf.Tensor1D,
    backward: tf.concat([...BACKWARD.map(weight), last], 1) as tf.Tensor2D,
  };
}

/** Converts gradients in the column order of the backward pass to gradients to the variables, in their order. */
export function interfaceVariableGradients(dWeights: tf.Tensor, dBiases: tf.Tensor, sizes: SequenceSizes): tf.Tensor[] {
  const weights = layerGradients(dWeights, sizes);
  const biases = layerGradients(dBiases, sizes);
  return LAYERS.flatMap((layer) => [weights[layer], biases[layer]]);
}

/** Splits a gradient, `[..., interfaceSize]`, with columns as in the backward pass, by layer. */
function layerGradients(gradient: tf.Tensor, sizes: SequenceSizes): { readonly [layer in Layer]: tf.Tensor } {
  const { readHeads } = sizes;
  const axis = gradient.rank - 1;
  const rows = gradient.shape.slice(0, axis);
  const widths = BACKWARD.map((layer) => layerWidth(layer, sizes));
  const parts = tf.split(gradient, [...widths, readHeads * (MODES + 1)], axis);
  const last = tf.reshape(parts[BACKWARD.length], [...rows, readHeads, MODES + 1]);
  const [modes, strengths] = tf.split(last, [MODES, 1], axis + 1);
  return Object.fromEntries([
    ...BACKWARD.map((layer, index) => [layer, parts[index]]),
    ["readMode", tf.reshape(modes, [...rows, readHeads * MODES])],
    ["readStrengths", tf.reshape(strengths, [...rows, readHeads])],
  ]);
}

function layerWidth(layer: Layer, { wordSize, readHeads }: SequenceSizes): number {
  if (layer === "readMode") return readHeads * MODES;
  if (layer === "readKeys") return readHeads * wordSize;
  if (layer === "freeGate" || layer === "readStrengths") return readHeads;
  return layer === "allocationGate" || layer === "writeGate" || layer === "writeStrengths" ? 1 : wordSize;
}

/**
 * Computes the interface parameters.
 *
 * @param hidden - `[batch, hiddenSize]`.
 */
export function interfaceParameters(
  hidden: tf.Tensor,
  { forward, biases }: InterfaceMatrices,
  sizes: SequenceSizes,
): InterfaceParameters {
  const { batch, wordSize, readHeads } = sizes;
  const heads = 1 + readHeads;
  const all = tf.reshape(tf.add(tf.matMul(hidden, forward), biases), [batch, 1, -1]);
  const widths = [wordSize + 2 + readHeads, heads, readHeads * MODES, wordSize, heads * wordSize];
  const [squashed, strengths, modes, writeVectors, keys] = tf.split(all, widths, 2);
  const gates = tf.sigmoid(squashed);
  const [eraseVectors, allocationGate, writeGate, freeGate] = tf.split(gates, [wordSize, 1, 1, readHeads], 2);
  return {
    gates,
    eraseVectors,
    allocationGate,
    writeGate,
    freeGate: tf.reshape(freeGate, [batch, readHeads, 1]),
    strengths: tf.reshape(strengths, [batch, heads, 1]),
    readMode: tf.softmax(tf.reshape(modes, [batch, readHeads, 1, MODES])),
    writeVectors,
    keys: tf.reshape(keys, [batch, heads, wordSize]),
  };
}

/** The gradients to the interface parameters before their activation functions, `[batch, heads, ...]`. */
export type InterfaceGradients = {
  /** `[batch, 1, wordSize + 3]`: key, strength, allocation gate, write gate. */
  readonly dWriteParameters: tf.Tensor;
  readonly dWriteVectors: tf.Tensor;
  readonly dEraseVectors: tf.Tensor;
  /** `[batch, 1, readHeads]`. */
  readonly dFreeGate: tf.Tensor;
  readonly dReadKeys: tf.Tensor;
  /** `[batch, readHeads, modes + 1]`: modes, strength. */
  readonly dReadScalars: tf.Tensor;
};

/** Concatenates the gradients: `[batch, interfaceSize]`, with columns as in the backward pass. */
export function interfaceGradient(d: InterfaceGradients, { batch, wordSize, readHeads }: SequenceSizes): tf.Tensor2D {
  const readKeys = tf.reshape(d.dReadKeys, [batch, 1, readHeads * wordSize]);
  const readScalars = tf.reshape(d.dReadScalars, [batch, 1, readHeads * (MODES + 1)]);
  const write = [d.dWriteParameters, d.dWriteVectors, d.dEraseVectors];
  return tf.reshape(tf.concat([...write, d.dFreeGate, readKeys, readScalars], 2), [batch, -1]) as tf.Tensor2D;
}
