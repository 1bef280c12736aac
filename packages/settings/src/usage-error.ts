/** Error of the user: its message is one sentence, `name: expected X, got Y`. */
export class UsageError extends Error {
  /** Name of the class. */
  override readonly name = "UsageError";
}
