import { UsageError } from "../usage-error.js";

/**
 * Runs a function that may need more memory than is available. Other inputs were checked; only sizes can be wrong.
 *
 * @param work - the function.
 * @returns what it returns.
 * @throws UsageError (as a rejection) instead of a RangeError.
 */
export async function withSizeErrors<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`too large: ${error.message.replaceAll(/\s+/g, " ")}`);
  }
}
