/** The most recent operation per key. */
const last = new Map<string, Promise<unknown>>();

/**
 * Runs an operation after all earlier ones with the same key have ended, whether they succeeded or not.
 *
 * @returns the operation's result.
 */
export async function runExclusive<Result>(key: string, operation: () => Promise<Result>): Promise<Result> {
  const before = last.get(key) ?? Promise.resolve();
  const current = before.then(operation, operation);
  last.set(key, current);
  try {
    return await current;
  } finally {
    if (last.get(key) === current) last.delete(key);
  }
}
