/** A run's folder, or a file in it, cannot be used; nothing was changed there. The message is one sentence. */
export class RunFolderError extends Error {
  /** Name of the error's class. */
  override readonly name = "RunFolderError";
}
