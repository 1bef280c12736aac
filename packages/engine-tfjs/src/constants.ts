import * as tf from "@tensorflow/tfjs-core";
import type { SequenceSizes } from "./sizes.js";

/**
 * A negative number closer to 0 than the difference of any two different free shares: minus the smallest normal
 * float32.
 */
const JUST_BELOW_ZERO = -(2 ** -126);

/** Constants shared by all time steps of a sequence, in shapes that broadcast without a copy. */
export type Constants = {
  /** `[1, 1, wordSize]`. */
  readonly onesOfWord: tf.Tensor;
  /** `[1, readHeads, 1]`. */
  readonly onesOfReads: tf.Tensor;
  /** `[1, 1, slots]`. */
  readonly minusOnesOfSlots: tf.Tensor;
  /** `[slots, slots]`, 0 on the diagonal, 1 elsewhere. */
  readonly offDiagonal: tf.Tensor;
  /**
   * `[slots, slots]` at [other, own]: the other slot is ranked before the own one if its free share is larger by more
   * than this. Of two equal shares the one with the lower index is ranked first.
   */
  readonly lead: tf.Tensor;
};

/** Creates the constants of a sequence. */
export function sequenceConstants({ slots, wordSize, readHeads }: SequenceSizes): Constants {
  return {
    onesOfWord: tf.ones([1, 1, wordSize]),
    onesOfReads: tf.ones([1, readHeads, 1]),
    minusOnesOfSlots: tf.fill([1, 1, slots], -1),
    offDiagonal: square(slots, (row, column) => (row === column ? 0 : 1)),
    lead: square(slots, (other, own) => (other < own ? JUST_BELOW_ZERO : 0)),
  };
}

/** Creates a matrix `[size, size]` from its entries. */
export function square(size: number, entry: (row: number, column: number) => number): tf.Tensor2D {
  const values = Float32Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size));
  return tf.tensor2d(values, [size, size]);
}
