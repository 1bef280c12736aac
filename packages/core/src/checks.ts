/** Checks of arguments at the public edge, before any tensor exists. */

/**
 * @throws TypeError if `config` is no plain object or has a key that is not in `known`.
 */
export function checkKeys(config: object, known: readonly string[]): void {
  checkObject("config", config);
  for (const key of Object.keys(config))
    if (!known.includes(key)) throw new TypeError(`unknown config key "${key}"; expected one of ${known.join(", ")}`);
}

/**
 * @throws TypeError if `value` is no plain object.
 */
export function checkObject(name: string, value: unknown): void {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${shown(value)}`);
}

/**
 * @throws TypeError if `value` is no number, RangeError if it is not an integer from `least` to `most`.
 */
export function checkInteger(name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const expected = least === 1 ? "a positive integer" : `an integer ${range}`;
  const message = `${name}: expected ${expected}, got ${shown(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new RangeError(message);
}

/** A value of any kind, short enough for a sentence. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
