/**
 * A checkpoint that cannot be opened, although nothing shows that it is damaged: a later release wrote it, it exceeds a
 * size limit, or the file system refuses access. The message is one sentence: the file, then the reason.
 */
export class UnreadableCheckpointError extends Error {
  /** Identifies the error where `instanceof` fails because it comes from another copy of this package. */
  override readonly name = "UnreadableCheckpointError";
}
