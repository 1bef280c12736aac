/** A file that is not in the safetensors format, or not whole. Its message is one sentence: where, expected, got. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}
