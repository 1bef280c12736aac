import * as tf from "@tensorflow/tfjs-core";
import type { SequenceSizes } from "./sizes.js";

/** Below zero, and closer to it than the difference of any two shares of freedom: the least normal float32. */
const JUST_BELOW_ZERO = -(2 ** -126);

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
  /** `[slots, slots]` at [other, own]: by more than this is a slot freer that is ranked before; for the lower index it may be as free. */
  readonly lead: tf.Tensor;
};

export function sequenceConstants({ slots, wordSize, readHeads }: SequenceSizes): Constants {
  return {
    onesOfWord: tf.ones([1, 1, wordSize]),
    onesOfReads: tf.ones([1, readHeads, 1]),
    minusOnesOfSlots: tf.fill([1, 1, slots], -1),
    offDiagonal: square(slots, (row, column) => (row === column ? 0 : 1)),
    lead: square(slots, (other, own) => (other < own ? JUST_BELOW_ZERO : 0)),
  };
}

/** `[size, size]`. */
export function square(size: number, entry: (row: number, column: number) => number): tf.Tensor2D {
  const values = Float32Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size));
  return tf.tensor2d(values, [size, size]);
}
