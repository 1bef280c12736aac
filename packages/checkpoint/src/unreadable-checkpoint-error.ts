/**
 * A checkpoint that cannot be opened here though nothing says that it is damaged: a later release wrote it, it is
 * longer than is read, or the file system does not give it out. Its message is one sentence: the file, the reason.
 */
export class UnreadableCheckpointError extends Error {
  /** Tells this error from others where `instanceof` cannot: of another copy of this package. */
  override readonly name = "UnreadableCheckpointError";
}
