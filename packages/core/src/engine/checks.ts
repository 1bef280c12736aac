/** Checks of what a trainer is given, before anything has changed. */
import { checkObject, formatValue } from "@dnc/addressing/checks";

/** Largest size: the kernels use 32-bit integers. */
const MAX_COUNT = 2 ** 30;

/**
 * Checks that a core is an object with a configuration.
 *
 * @param core - the argument.
 * @throws TypeError if it is not.
 */
export function checkCore(core: { readonly config: unknown }): void {
  checkObject("core", core);
  checkObject("core.config", core.config);
}

/**
 * Checks a number of time steps, sequences or threads.
 *
 * @param name - name of the argument, for the message.
 * @param value - the argument.
 * @throws TypeError if it is not a number; RangeError if it is not an integer from 1 to 2^30.
 */
export function checkCount(name: string, value: unknown): asserts value is number {
  checkNumber(name, value);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name}: expected an integer above 0, got ${formatValue(value)}`);
  if (value > MAX_COUNT) throw new RangeError(`${name}: expected an integer of at most ${MAX_COUNT}, got ${value}`);
}

/**
 * Checks that a value is a number.
 *
 * @param name - what it is, for the message.
 * @param value - the value that arrived.
 * @throws TypeError if it is not.
 */
export function checkNumber(name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected a number, got ${formatValue(value)}`);
}

/**
 * Checks that a value is a finite number above 0, as it is and in float32.
 *
 * @param name - what it is, for the message.
 * @param value - the value that arrived.
 * @throws TypeError if it is not a number; RangeError if it is not above 0 and finite, as it is and rounded to float32.
 */
export function checkPositive(name: string, value: unknown): asserts value is number {
  checkNumber(name, value);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name}: expected a finite number above 0, got ${value}`);
  const rounded = Math.fround(value);
  if (rounded === 0 || rounded === Number.POSITIVE_INFINITY)
    throw new RangeError(
      `${name}: expected a finite number above 0 in float32, got ${value}, which is ${rounded} there`,
    );
}

/**
 * Checks that a value is a number in [0, 1), as it is and in float32.
 *
 * @param name - what it is, for the message.
 * @param value - the value that arrived.
 * @throws TypeError if it is not a number; RangeError unless it is in [0, 1) and rounding to float32 makes it neither 0
 *   nor 1.
 */
export function checkFraction(name: string, value: unknown): asserts value is number {
  checkNumber(name, value);
  if (!(value >= 0 && value < 1)) throw new RangeError(`${name}: expected a number in [0, 1), got ${value}`);
  const rounded = Math.fround(value);
  if (rounded === 1 || (rounded === 0 && value !== 0))
    throw new RangeError(`${name}: expected a number in [0, 1) in float32, got ${value}, which is ${rounded} there`);
}
