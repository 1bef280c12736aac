import { RunFolderError } from "@dnc/runs/read";

/** Wrong usage: shown as one sentence, exit status 2, nothing written. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Whether an error is the user's to fix, and its message is complete: wrong usage, or a folder that is no run's. */
export function isUsageError(error: unknown): error is UsageError | RunFolderError {
  return error instanceof UsageError || error instanceof RunFolderError;
}
