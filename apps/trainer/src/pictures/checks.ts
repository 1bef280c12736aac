/** Checks of arguments. */

/** @throws TypeError if `value` is no number, RangeError if it is not an integer from `least` to `most`. */
export function checkInteger(name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const message = `${name}: expected ${least === 1 ? "a positive integer" : `an integer ${range}`}, got ${value}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new RangeError(message);
}

/** @throws TypeError if `range` is no pair, RangeError if it is not finite or its ends are not in order. */
export function checkRange(range: readonly [number, number]): void {
  if (!Array.isArray(range) || range.length !== 2) throw new TypeError(`range: expected two numbers, got ${range}`);
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw new RangeError(`range: expected two finite numbers, the lower first, got [${low}, ${high}]`);
}
