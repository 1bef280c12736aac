/** Checks of what training is given, before anything has changed. */

/** Beyond it sizes are no integers to the kernel. */
const MAX_COUNT = 2 ** 30;

/** @throws TypeError if `value` is no object. */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${shown(value)}`);
}

/** @throws TypeError if `core` is nothing that a core could be: an object with a configuration. */
export function checkCore(core: { readonly config: unknown }): void {
  checkObject("core", core);
  checkObject("core.config", core.config);
}

/** @throws TypeError if `value` is no number; RangeError if it is not an integer from 1 to 2^30. */
export function checkCount(name: string, value: unknown): asserts value is number {
  checkNumber(name, value);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name}: expected an integer above 0, got ${shown(value)}`);
  if (value > MAX_COUNT) throw new RangeError(`${name}: expected an integer of at most ${MAX_COUNT}, got ${value}`);
}

/** @throws TypeError if it is no number; RangeError if it is not above 0 and finite, as it is and rounded to float32. */
export function checkPositive(name: string, value: unknown): void {
  checkNumber(name, value);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name}: expected a finite number above 0, got ${value}`);
  const rounded = Math.fround(value);
  if (rounded === 0 || rounded === Number.POSITIVE_INFINITY)
    throw new RangeError(
      `${name}: expected a finite number above 0 in float32, got ${value}, which is ${rounded} there`,
    );
}

/** @throws TypeError if it is no number; RangeError if it is not in [0, 1), or becomes 0 or 1 in float32. */
export function checkDecay(value: unknown): void {
  checkNumber("decay", value);
  if (!(value >= 0 && value < 1)) throw new RangeError(`decay: expected a number in [0, 1), got ${value}`);
  const rounded = Math.fround(value);
  if (rounded === 1 || (rounded === 0 && value !== 0))
    throw new RangeError(`decay: expected a number in [0, 1) in float32, got ${value}, which is ${rounded} there`);
}

/** Sequences with targets, as plain numbers. */
interface Arrays {
  readonly time: number;
  readonly batch: number;
  readonly observations: Float32Array;
  readonly target: Float32Array;
  readonly mask: Float32Array;
}

/**
 * @throws TypeError if something is of the wrong kind; RangeError if a length does not fit, an observation is not finite, a
 *   target not in [0, 1] or a mask neither 0 nor 1.
 */
export function checkBatch(given: Arrays, inputSize: number, outputSize: number): void {
  checkObject("batch", given);
  const { time, batch, observations, target, mask } = given;
  checkCount("time", time);
  checkCount("batch", batch);
  checkLength("observations", observations, time * batch * inputSize);
  checkLength("target", target, time * batch * outputSize);
  checkLength("mask", mask, time * batch);
  checkEach("observations", observations, "a finite number", Number.isFinite);
  checkEach("target", target, "a number in [0, 1]", (value) => value >= 0 && value <= 1);
  checkEach("mask", mask, "0 or 1", (value) => value === 0 || value === 1);
}

/** A value for an error message. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return `an object of ${value.constructor?.name || "no class"}`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function checkNumber(name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected a number, got ${shown(value)}`);
}

function checkLength(name: string, array: unknown, expected: number): void {
  // Not by instanceof: an array may come from another realm.
  if (Object.prototype.toString.call(array) !== "[object Float32Array]")
    throw new TypeError(`${name}: expected a Float32Array, got ${shown(array)}`);
  const { length } = array as Float32Array;
  if (length !== expected) throw new RangeError(`${name}: expected ${expected} numbers, got ${length}`);
}

function checkEach(name: string, array: Float32Array, expected: string, isRight: (value: number) => boolean): void {
  for (let index = 0; index < array.length; index++)
    if (!isRight(array[index])) throw new RangeError(`${name}[${index}]: expected ${expected}, got ${array[index]}`);
}
