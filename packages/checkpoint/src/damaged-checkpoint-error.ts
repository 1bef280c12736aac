/** A checkpoint that differs from what was saved, or is incomplete. The message is one sentence: the file, then what is wrong. */
export class DamagedCheckpointError extends Error {
  /** Identifies the error where `instanceof` fails because it comes from another copy of this package. */
  override readonly name = "DamagedCheckpointError";
}
