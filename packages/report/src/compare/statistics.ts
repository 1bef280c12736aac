/** Mean of some runs, and how much they differ. */
export type Statistics = {
  readonly mean: number;
  /** Sample standard deviation, with n - 1; undefined for one number. */
  readonly deviation: number | undefined;
  /** How many numbers there are, at least 1. */
  readonly count: number;
};

/**
 * Computes the mean and the sample standard deviation of numbers.
 *
 *     deviation = sqrt(sum of (x - mean)^2 / (n - 1))
 *
 * @param values - finite numbers.
 * @returns undefined if there are none.
 */
export function statistics(values: readonly number[]): Statistics | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  if (count === 1) return { mean, deviation: undefined, count };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (count - 1)), count };
}
