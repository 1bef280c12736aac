import { formatValue } from "@dnc/addressing/checks";

/**
 * Checks that a value has the methods of an interface.
 *
 * @throws TypeError if `value` is not an object that has all of `methods`; `expected` says what it should be.
 */
export function checkMethods(name: string, value: unknown, expected: string, methods: readonly string[]): void {
  const missing = (method: string) => typeof (value as Record<string, unknown>)[method] !== "function";
  if (value === null || typeof value !== "object" || methods.some(missing))
    throw new TypeError(`${name}: expected ${expected} with ${methods.join(", ")}, got ${formatValue(value)}`);
}
