/**
 * Argument checks. A value of the wrong type is a TypeError, a number or shape out of range a RangeError; each message
 * has the form `name: expected X, got Y`.
 */
import * as tf from "@tensorflow/tfjs-core";

/** Throws a TypeError unless `value` is an object. */
export function checkObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${formatValue(value)}`);
}

/**
 * Throws a TypeError unless `value` is an object with no keys other than `known`; a key whose value is `undefined`
 * counts as absent.
 */
export function checkKeys(name: string, value: unknown, known: readonly string[]): void {
  checkObject(`${name}s`, value);
  for (const [key, entry] of Object.entries(value))
    if (entry !== undefined && !known.includes(key))
      throw new TypeError(`unknown ${name} key ${JSON.stringify(key)}; expected one of ${known.join(", ")}`);
}

/** Throws a TypeError unless `value` is a number. */
export function checkNumber(name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected a number, got ${formatValue(value)}`);
}

/** Throws unless `value` is finite and above 0, also after rounding to float32. */
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

/** Throws a TypeError unless `value` is true or false. */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name}: expected true or false, got ${formatValue(value)}`);
}

/** Throws unless `tensor` is a tensor of these dimensions; a name accepts any size. */
export function checkShape(name: string, tensor: unknown, dims: readonly (string | number)[]): void {
  const expected = `[${dims.join(", ")}]`;
  if (!(tensor instanceof tf.Tensor))
    throw new TypeError(`${name}: expected a tensor ${expected}, got ${formatValue(tensor)}`);
  const { shape } = tensor;
  if (shape.length !== dims.length || dims.some((dim, axis) => typeof dim === "number" && dim !== shape[axis]))
    throw new RangeError(`${name}: expected ${expected}, got [${shape.join(", ")}]`);
}

/** Throws unless `value` is a Float32Array of the length that these dimensions give; a name accepts any size. */
export function checkFloats(name: string, value: unknown, dims: readonly (string | number)[]): void {
  if (!(value instanceof Float32Array))
    throw new TypeError(`${name}: expected a Float32Array, got ${formatValue(value)}`);
  const known = dims.reduce<number>((size, dim) => (typeof dim === "number" ? size * dim : size), 1);
  const isOpen = dims.some((dim) => typeof dim === "string");
  if (isOpen ? value.length > 0 && value.length % known === 0 : value.length === known) return;
  const count = isOpen ? `a multiple of ${known}` : known;
  throw new RangeError(`${name}: expected [${dims.join(", ")}], ${count} numbers, got ${value.length}`);
}

/** Throws unless `value` is a positive integer. */
export function checkCount(name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${name}: expected a positive integer, got ${formatValue(value)}`);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name}: expected a positive integer, got ${value}`);
}

/** Formats a value of the wrong type for an error message. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
