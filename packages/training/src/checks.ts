/** Argument checks: kinds are TypeErrors, numbers and shapes are RangeErrors; each says what, expected, got. */
import { checkKeys as checkKnownKeys, checkObject, formatValue } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";

/** Throws a TypeError unless `value` is an object that has no key beyond `known`; `undefined` counts as absent. */
export function checkKeys(name: string, value: unknown, known: readonly string[]): void {
  checkObject(`${name}s`, value);
  checkKnownKeys(name, value, known);
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

/** Throws a TypeError or RangeError unless a value is a finite number for which `isValid` is true. */
export function checkRange(name: string, value: unknown, expected: string, isValid: (value: number) => boolean): void {
  const message = `${name}: expected ${expected}, got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isFinite(value) || !isValid(value)) throw new RangeError(message);
}
