/** A file that is not in the safetensors format, or is truncated. The message is one sentence: where, expected, got. */
export class SafetensorsError extends Error {
  /** Identifies the error where `instanceof` fails because it comes from another copy of this package. */
  override readonly name = "SafetensorsError";
}
