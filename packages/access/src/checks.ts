/**
 * Argument checks. A value of the wrong type is a TypeError, a number out of range a RangeError; each message has the
 * form `name: expected X, got Y`.
 */

/**
 * Throws a TypeError unless `value` is an object with no keys other than `known`; a key whose value is `undefined`
 * counts as absent.
 */
export function checkKeys(name: "config" | "option", value: object, known: readonly string[]): void {
  checkObject(name, value);
  for (const [key, entry] of Object.entries(value))
    if (entry !== undefined && !known.includes(key))
      throw new TypeError(`unknown ${name} key "${key}"; expected one of ${known.join(", ")}`);
}

/** Throws a TypeError unless `value` is an object; `expected` says what it should be. */
export function checkObject(name: string, value: unknown, expected = "an object"): void {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(`${name}: expected ${expected}, got ${formatValue(value)}`);
}

/** Throws a TypeError unless `value` is true or false. */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${formatValue(value)}`);
}

/** Throws a TypeError unless `value` is a function or absent. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    throw new TypeError(`${name}: expected a function, got ${formatValue(value)}`);
}

/** Throws unless `value` is a positive integer. */
export function checkSize(name: string, value: unknown): void {
  checkInteger(name, value, 1, Number.MAX_SAFE_INTEGER, "a positive integer");
}

/** Throws unless `seed` is an integer from 0 to 2^31. */
export function checkSeed(seed: unknown): void {
  checkInteger("seed", seed, 0, 2 ** 31, "an integer from 0 to 2147483648");
}

function checkInteger(name: string, value: unknown, min: number, max: number, expected: string): void {
  const message = `${name}: expected ${expected}, got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isInteger(value) || value < min || value > max) throw new RangeError(message);
}

function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
