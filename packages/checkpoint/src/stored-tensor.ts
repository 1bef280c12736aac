/** A tensor as stored in a file, independent of any backend. */
export interface StoredTensor {
  /** Name of the variable that the tensor is a copy of; unique within its file. */
  readonly name: string;
  /** Lengths of its axes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Values, row-major, as many as the shape gives. */
  readonly values: Float32Array;
}
