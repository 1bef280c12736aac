import { UsageError } from "../usage-error.js";

/**
 * Runs what may need more memory than there is. Everything else has been checked before: only sizes can be out of range.
 *
 * @throws UsageError (as a rejection) for a RangeError.
 */
export async function withSizeErrors<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`too large: ${error.message.replaceAll(/\s+/g, " ")}`);
  }
}
