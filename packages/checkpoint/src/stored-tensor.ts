/** A tensor as a file holds it, off any backend. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major, as many as the shape has. */
  readonly values: Float32Array;
}
