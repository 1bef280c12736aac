/** A tensor as a file holds it, off any backend. */
export interface StoredTensor {
  /** Unique within its file; the name of the variable that it is a copy of. */
  readonly name: string;
  /** Lengths of its axes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Row-major, as many as the shape has. */
  readonly values: Float32Array;
}
