import { RunFolderError } from "@dnc/runs/read";

/** Error of the user: printed as one sentence, with exit status 2; nothing is written. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Whether an error is of the user, and its message complete: wrong usage, or a folder that cannot be used. */
export function isUsageError(error: unknown): error is UsageError | RunFolderError {
  return error instanceof UsageError || error instanceof RunFolderError;
}
