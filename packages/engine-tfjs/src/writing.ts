/**
 * The write head and its gradients: equations (F10), (F11) and (B21) - (B28) of docs/guide/backward-pass.md, for one
 * head. */
import * as tf from "@tensorflow/tfjs-core";
import { type AllocationStep, allocationFactor } from "./allocation.js";
import type { Constants } from "./constants.js";
import { type ContentSeries, contentDerivatives } from "./content.js";
import type { InterfaceParameters } from "./interface.js";
import type { Series } from "./series.js";

/** Computes the write weighting w = g_w mixed, `[batch, 1, slots]`, with mixed = c + g_a difference. */
export function writeWeighting(
  content: tf.Tensor,
  allocation: tf.Tensor,
  { allocationGate, writeGate }: InterfaceParameters,
) {
  const difference = tf.sub(allocation, content);
  const mixed = tf.add(tf.mul(allocationGate, difference), content);
  return { writeWeights: tf.mul(writeGate, mixed), saved: { difference, mixed } };
}

/** Computes the memory after the write, and the fraction of each component that was not erased. */
export function writeMemory(
  memory: tf.Tensor,
  writeWeights: tf.Tensor,
  { eraseVectors, writeVectors }: InterfaceParameters,
) {
  const wordRetention = tf.sub(1, tf.matMul(writeWeights, eraseVectors, true)); // [batch, slots, wordSize]
  const added = tf.matMul(writeWeights, writeVectors, true);
  return { memory: tf.add(tf.mul(memory, wordRetention), added), wordRetention };
}

/** Arguments of `writeFactors`, `[time, batch, ...]`; gates as `[time, batch, 1, ...]`. */
export type WriteSeries = ContentSeries &
  Series<keyof AllocationStep | "difference" | "mixed" | "eraseVectors" | "allocationGate" | "writeGate">;

/**
 * Computes the factors of the gradients, for all steps at once. The head is linear in the gradient dw to its weights, so
 *
 *     toParameters:   dw toParameters is the gradient to key, strength, allocation gate and write gate, [slots, wordSize + 3]
 *     toAllocation: toAllocation dw is the gradient to usage, [slots, slots]
 *     content, share: dt = share (dw - dw . content) is the gradient to the argument of the content weights' softmax
 *     toWords:      dt[n] toWords[n] is the gradient to word n, [slots, wordSize]
 */
export function writeFactors(
  series: WriteSeries,
  constants: Constants,
): Series<"toParameters" | "toAllocation" | "content" | "share" | "toWords" | "minusErase" | "eraseSlope"> {
  const { weights: content, memory, keys, eraseVectors, allocationGate, writeGate } = series;
  const [time, batch, slots, wordSize] = memory.shape as [number, number, number, number];
  const { toDot, toKey, toWord, toStrength } = contentDerivatives(series);
  const byAllocation = tf.mul(writeGate, allocationGate);
  const share = tf.mul(content, tf.sub(writeGate, byAllocation));
  const toAllocationGate = tf.mul(series.difference, tf.mul(byAllocation, tf.sub(1, allocationGate)));
  const toWriteGate = tf.mul(series.mixed, tf.mul(writeGate, tf.sub(1, writeGate)));

  const rows = tf.stack([toDot, toKey, toWord, toStrength, share, toAllocationGate, toWriteGate]);
  const columns = tf.unstack(tf.reshape(rows, [rows.shape[0], time, batch, slots, 1]));
  const [dotColumn, keyColumn, wordColumn, strengthColumn, shareColumn, ...gateColumns] = columns;
  const ones = (width: number) => tf.ones([1, 1, 1, width]);
  const wide = (column: tf.Tensor) => tf.matMul(column, ones(wordSize)); // [time, batch, slots, wordSize]
  const byKey = tf.add(tf.mul(wide(dotColumn), memory), tf.matMul(keyColumn, keys));
  const byArgument = tf.concat([byKey, strengthColumn], 3); // [time, batch, slots, wordSize + 1]
  // The derivative of the softmax: the difference from the average over slots.
  const average = tf.matMul(tf.ones([1, 1, slots, 1]), tf.matMul(content, byArgument));
  const byContent = tf.mul(tf.matMul(shareColumn, ones(wordSize + 1)), tf.sub(byArgument, average));
  return {
    toParameters: tf.concat([byContent, ...gateColumns], 3),
    toAllocation: allocationFactor(series, byAllocation, constants),
    content,
    share,
    toWords: tf.add(tf.matMul(dotColumn, keys), tf.mul(wide(wordColumn), memory)),
    minusErase: tf.neg(eraseVectors),
    eraseSlope: tf.mul(eraseVectors, tf.sub(eraseVectors, 1)),
  };
}

type WriteFactors = ReturnType<typeof writeFactors>;

/**
 * Runs the backward pass of writing into the memory.
 *
 * @param dMemory - the complete gradient to the memory after the write.
 * @returns terms of the gradients to the write weights and to the memory before the write, and the gradients to write
 *   and erase vectors.
 */
export function writtenBackward(
  dMemory: tf.Tensor,
  {
    memory,
    wordRetention,
    writeWeights,
    writeVectors,
  }: Series<"memory" | "wordRetention" | "writeWeights" | "writeVectors">,
  { minusErase, eraseSlope }: WriteFactors,
) {
  const erased = tf.mul(dMemory, memory);
  return {
    dWriteWeights: [tf.matMul(writeVectors, dMemory, false, true), tf.matMul(minusErase, erased, false, true)],
    dWriteVectors: tf.matMul(writeWeights, dMemory),
    dEraseVectors: tf.mul(tf.matMul(writeWeights, erased), eraseSlope),
    dMemory: () => tf.mul(dMemory, wordRetention),
  };
}

/**
 * Runs the backward pass of the write weighting.
 *
 * @param d - `[batch, 1, slots]`, the complete gradient to the write weights.
 * @returns gradients to the parameters and to usage, and a term of the gradient to the memory before the write.
 */
export function writeWeightingBackward(
  d: tf.Tensor,
  { toParameters, toAllocation, content, share, toWords }: WriteFactors,
): { dParameters: tf.Tensor; dUsage: tf.Tensor; dMemory: () => tf.Tensor } {
  const [batch, , slots] = d.shape as [number, number, number];
  const dArgument = () => tf.mul(share, tf.sub(d, tf.matMul(d, content, false, true)));
  return {
    dParameters: tf.matMul(d, toParameters),
    dUsage: tf.matMul(d, toAllocation, false, true),
    dMemory: () => tf.mul(tf.reshape(dArgument(), [batch, slots, 1]), toWords),
  };
}
