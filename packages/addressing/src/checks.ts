/** Argument checks: kinds are TypeErrors, numbers are RangeErrors; each says what, expected, got. */

/** The largest seed. */
const MAX_SEED = 2 ** 31;

/**
 * Checks that a value is an object.
 *
 * @param name - what the value is, for the message.
 * @param value - the value that arrived.
 * @param expected - what it should be, for the message.
 * @throws TypeError if it is not, or is an array.
 */
export function checkObject(name: string, value: unknown, expected = "an object"): asserts value is object {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(`${name}: expected ${expected}, got ${formatValue(value)}`);
}

/**
 * Checks that a value is an object without unknown keys; a key that is `undefined` counts as absent.
 *
 * @param name - what the value is, for the message.
 * @param value - the value that arrived.
 * @param known - every key that it may have.
 * @throws TypeError if it is not an object or has another key.
 */
export function checkKeys(name: string, value: unknown, known: readonly string[]): void {
  checkObject(name, value);
  const expected = known.length > 0 ? `one of ${known.join(", ")}` : "none";
  for (const [key, entry] of Object.entries(value))
    if (entry !== undefined && !known.includes(key))
      throw new TypeError(`unknown ${name} key ${JSON.stringify(key)}; expected ${expected}`);
}

/**
 * Checks that a value is true or false.
 *
 * @param name - what the value is, for the message.
 * @param value - the value that arrived.
 * @throws TypeError if it is not.
 */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${formatValue(value)}`);
}

/**
 * Checks that a value is a function or absent.
 *
 * @param name - what the value is, for the message.
 * @param value - the value that arrived.
 * @throws TypeError if it is neither.
 */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function")
    throw new TypeError(`${name}: expected a function, got ${formatValue(value)}`);
}

/**
 * Checks that a value is an integer in a range.
 *
 * @param name - what the value is, for the message.
 * @param value - the value that arrived.
 * @param min - the smallest that it may be.
 * @param max - the largest that it may be; default: the largest safe integer.
 * @throws TypeError if it is not a number; RangeError if it is not an integer from `min` to `max`.
 */
export function checkInteger(name: string, value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): void {
  const isOpen = max === Number.MAX_SAFE_INTEGER;
  const range = isOpen ? `of at least ${min}` : `from ${min} to ${max}`;
  const expected = isOpen && min === 1 ? "a positive integer" : `an integer ${range}`;
  const message = `${name}: expected ${expected}, got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new RangeError(message);
}

/**
 * Checks a seed.
 *
 * @param seed - the value that arrived.
 * @throws TypeError if it is not a number; RangeError if it is not an integer from 0 to 2^31.
 */
export function checkSeed(seed: unknown): void {
  checkInteger("seed", seed, 0, MAX_SEED);
}

/**
 * Formats a value for an error message.
 *
 * @param value - a value of any kind.
 * @returns a few words.
 */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
