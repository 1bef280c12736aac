/** Argument checks. Each message has the form `name: expected X, got Y`. */

/** Throws a TypeError unless `value` is an object; `expected` says what it should be. */
export function checkObject(name: string, value: unknown, expected = "an object"): void {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new TypeError(`${name}: expected ${expected}, got ${formatValue(value)}`);
}

/**
 * Throws a TypeError unless `options` is an object with no keys other than `known`; a key whose value is `undefined` counts as
 * absent.
 */
export function checkOptionKeys(options: object, known: readonly string[]): void {
  checkObject("option", options);
  for (const [key, entry] of Object.entries(options))
    if (entry !== undefined && !known.includes(key))
      throw new TypeError(`unknown option key "${key}"; expected one of ${known.join(", ")}`);
}

/** Formats a value of any kind for an error message. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
