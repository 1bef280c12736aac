import * as tf from "@tensorflow/tfjs-core";
import type { SweepSizes } from "./sizes.js";

/** The nearest float32 below a positive x is x times this. */
const JUST_BELOW = 1 - 2 ** -24;

/** Constants of a sequence, made once: as trailing dimensions, or of batch 1, they meet every step as they are. */
export type Constants = {
  /** `[1, 1, wordSize]`. */
  readonly onesOfWord: tf.Tensor;
  /** `[1, readHeads, 1]`. */
  readonly onesOfReads: tf.Tensor;
  /** `[1, 1, slots]`. */
  readonly minusOnesOfSlots: tf.Tensor;
  /** `[slots, slots]`, 0 on the diagonal, 1 elsewhere. */
  readonly offDiagonal: tf.Tensor;
  /** `[slots, slots]`: 1 at [other, own], and just below it where the other has the lower index. */
  readonly tieBreak: tf.Tensor;
};

export function sweepConstants({ slots, wordSize, readHeads }: SweepSizes): Constants {
  return {
    onesOfWord: tf.ones([1, 1, wordSize]),
    onesOfReads: tf.ones([1, readHeads, 1]),
    minusOnesOfSlots: tf.fill([1, 1, slots], -1),
    offDiagonal: square(slots, (row, column) => (row === column ? 0 : 1)),
    tieBreak: square(slots, (other, own) => (other < own ? JUST_BELOW : 1)),
  };
}

/** `[size, size]`. */
export function square(size: number, entry: (row: number, column: number) => number): tf.Tensor2D {
  const values = Float32Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size));
  return tf.tensor2d(values, [size, size]);
}
