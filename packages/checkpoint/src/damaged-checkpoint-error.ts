/** A checkpoint that is not what was saved, or not all of it. Its message is one sentence: the file, what is wrong. */
export class DamagedCheckpointError extends Error {
  /** Tells this error from others where `instanceof` cannot: of another copy of this package. */
  override readonly name = "DamagedCheckpointError";
}
