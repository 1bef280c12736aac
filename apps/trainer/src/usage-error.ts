import { RunFolderError } from "@dnc/runs/read";
import { UsageError } from "@dnc/settings";

/** Whether an error is of the user, and its message complete: wrong usage, or a folder that cannot be used. */
export function isUsageError(error: unknown): error is UsageError | RunFolderError {
  return error instanceof UsageError || error instanceof RunFolderError;
}
