/** Wrong usage: shown as one sentence, exit status 2, nothing written. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
