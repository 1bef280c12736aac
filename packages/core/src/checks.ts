/** Checks of public arguments, made before any tensor exists. */

/**
 * Checks the keys of an object; a key whose value is `undefined` counts as absent.
 *
 * @throws TypeError if `value` is not a plain object or has a key that is not in `known`.
 */
export function checkKeys(name: "config" | "option", value: object, known: readonly string[]): void {
  checkObject(name, value);
  for (const [key, entry] of Object.entries(value))
    if (entry !== undefined && !known.includes(key))
      throw new TypeError(`unknown ${name} key "${key}"; expected one of ${known.join(", ")}`);
}

/**
 * @throws TypeError if `value` is not a plain object.
 */
export function checkObject(name: string, value: unknown): void {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${formatValue(value)}`);
}

/**
 * @throws TypeError if `value` is neither true nor false.
 */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${formatValue(value)}`);
}

/**
 * @throws TypeError if `value` is not an object that has all of `methods`; `expected` says what it should be.
 */
export function checkMethods(name: string, value: unknown, expected: string, methods: readonly string[]): void {
  const missing = (method: string) => typeof (value as Record<string, unknown>)[method] !== "function";
  if (value === null || typeof value !== "object" || methods.some(missing))
    throw new TypeError(`${name}: expected ${expected} with ${methods.join(", ")}, got ${formatValue(value)}`);
}

/**
 * @throws TypeError if `value` is not a number, RangeError if it is not an integer from `min` to `max`.
 */
export function checkInteger(name: string, value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): void {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const expected = min === 1 ? "a positive integer" : `an integer ${range}`;
  const message = `${name}: expected ${expected}, got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new RangeError(message);
}

/** Formats a value of any kind for an error message. */
export function formatValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
