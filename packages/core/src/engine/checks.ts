/** Checks of what a trainer is given, before anything has changed. */
import { checkObject, formatValue } from "@dnc/addressing/checks";
import type { BatchArrays } from "./trainer.js";

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
 * @throws TypeError if it is not a number; RangeError unless it is in [0, 1) and rounding to float32 makes it neither 0
 * nor 1.
 */
export function checkFraction(name: string, value: unknown): void {
  checkNumber(name, value);
  if (!(value >= 0 && value < 1)) throw new RangeError(`${name}: expected a number in [0, 1), got ${value}`);
  const rounded = Math.fround(value);
  if (rounded === 1 || (rounded === 0 && value !== 0))
    throw new RangeError(`${name}: expected a number in [0, 1) in float32, got ${value}, which is ${rounded} there`);
}

/**
 * Checks a batch for the sigmoid loss.
 *
 * @param given - the batch.
 * @param inputSize - width of an input.
 * @param outputSize - width of an output.
 * @throws TypeError for a value of the wrong kind; RangeError if an array has the wrong length, an input is not finite,
 *   a target is not in [0, 1] or a mask is neither 0 nor 1.
 */
export function checkBatch(given: BatchArrays, inputSize: number, outputSize: number): void {
  checkObject("batch", given);
  const { timeSteps, batchSize, inputs, targets, mask } = given;
  checkCount("timeSteps", timeSteps);
  checkCount("batchSize", batchSize);
  checkLength("inputs", inputs, timeSteps * batchSize * inputSize);
  checkLength("targets", targets, timeSteps * batchSize * outputSize);
  checkLength("mask", mask, timeSteps * batchSize);
  checkEach("inputs", inputs, "a finite number", Number.isFinite);
  checkEach("targets", targets, "a number in [0, 1]", (value) => value >= 0 && value <= 1);
  checkEach("mask", mask, "0 or 1", (value) => value === 0 || value === 1);
}

function checkLength(name: string, array: unknown, expected: number): void {
  // Not with instanceof: the array may come from another realm.
  if (Object.prototype.toString.call(array) !== "[object Float32Array]")
    throw new TypeError(`${name}: expected a Float32Array, got ${formatValue(array)}`);
  const { length } = array as Float32Array;
  if (length !== expected) throw new RangeError(`${name}: expected ${expected} numbers, got ${length}`);
}

function checkEach(name: string, array: Float32Array, expected: string, isValid: (value: number) => boolean): void {
  for (let index = 0; index < array.length; index++)
    if (!isValid(array[index])) throw new RangeError(`${name}[${index}]: expected ${expected}, got ${array[index]}`);
}
