/** A file that is not in the safetensors format, or not whole. Its message is one sentence: where, expected, got. */
export class SafetensorsError extends Error {
  /** Tells this error from others where `instanceof` cannot: of another copy of this package. */
  override readonly name = "SafetensorsError";
}
