/** A run's folder, or a file in it, cannot be used; nothing was changed there. The message is one sentence. */
export class RunFolderError extends Error {
  /** Tells it from other errors. */
  override readonly name = "RunFolderError";
}
