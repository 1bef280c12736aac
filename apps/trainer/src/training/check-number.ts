import { shown } from "../flag-value.js";

/** @throws TypeError if it is no number; RangeError if it is not finite or not above 0, as it is or in float32. */
export function checkPositive(name: string, value: unknown): asserts value is number {
  checkNumber(name, value);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name}: expected a finite number above 0, got ${value}`);
  }
  const rounded = Math.fround(value);
  if (rounded === 0 || rounded === Number.POSITIVE_INFINITY)
    throw new RangeError(
      `${name}: expected a finite number above 0 in float32, got ${value}, which is ${rounded} there`,
    );
}

/** @throws TypeError if it is no number. */
export function checkNumber(name: string, value: unknown): asserts value is number {
  if (typeof value === "number") return;
  throw new TypeError(`${name}: expected a number, got ${value === undefined ? "undefined" : shown(value)}`);
}
