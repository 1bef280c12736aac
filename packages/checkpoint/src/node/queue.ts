/** The last piece of work that was begun under each key. */
const last = new Map<string, Promise<unknown>>();

/**
 * Does a piece of work after those that were given before under the same key, whether they succeeded or not.
 *
 * @returns what the work returns.
 */
export async function afterOthers<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const before = last.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  last.set(key, mine);
  try {
    return await mine;
  } finally {
    if (last.get(key) === mine) last.delete(key);
  }
}
