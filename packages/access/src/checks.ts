/** Checks of a configuration at the public edge, before any tensor exists. */

/**
 * @throws TypeError if `config` is no plain object or has a key that is not in `known`.
 */
export function checkKeys(config: object, known: readonly string[]): void {
  if (config === null || typeof config !== "object" || Array.isArray(config))
    throw new TypeError(`config: expected an object, got ${config === null ? "null" : typeof config}`);
  for (const key of Object.keys(config))
    if (!known.includes(key)) throw new TypeError(`unknown config key "${key}"; expected one of ${known.join(", ")}`);
}

/**
 * @throws RangeError if `value` is not an integer of at least `least`.
 */
export function checkInteger(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const expected = least === 1 ? "a positive integer" : `an integer of at least ${least}`;
  const got = typeof value === "number" ? value : JSON.stringify(value);
  throw new RangeError(`${name}: expected ${expected}, got ${got}`);
}
