import * as tf from "@tensorflow/tfjs-core";

const MAX_SEED = 2 ** 31;

/**
 * Throws a TypeError unless `value` is an object with no keys other than `keys`; a key whose value is `undefined`
 * counts as absent.
 */
export function checkKeys(name: "config" | "state", value: unknown, keys: readonly string[]): void {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError(`${name}: expected an object, got ${formatValue(value)}`);
  const unknown = Object.entries(value).find(([key, entry]) => entry !== undefined && !keys.includes(key));
  const expected = keys.length > 0 ? `one of ${keys.join(", ")}` : "none";
  if (unknown) throw new TypeError(`unknown ${name} key "${unknown[0]}"; expected ${expected}`);
}

/** Throws unless `value` is an integer from 1 to `max`. */
export function checkSize(name: string, value: unknown, max = Number.MAX_SAFE_INTEGER): void {
  const expected = max < Number.MAX_SAFE_INTEGER ? `an integer from 1 to ${max}` : "a positive integer";
  checkInteger(name, value, { min: 1, max, expected });
}

/** Throws unless `seed` is an integer from 0 to 2^31. */
export function checkSeed(seed: unknown): void {
  checkInteger("seed", seed, { min: 0, max: MAX_SEED, expected: `an integer from 0 to ${MAX_SEED}` });
}

/** Throws a TypeError unless `value` is one of the strings of `kinds`. */
export function checkKind(name: string, value: unknown, kinds: readonly string[]): void {
  if (typeof value !== "string" || !kinds.includes(value))
    throw new TypeError(`${name}: expected one of ${kinds.join(", ")}, got ${formatValue(value)}`);
}

/**
 * Throws unless `tensor` is a tensor of real numbers of exactly this shape; a string in `shape` accepts any positive
 * size.
 */
export function checkShape(name: string, tensor: unknown, shape: readonly (string | number)[]): void {
  if (!(tensor instanceof tf.Tensor))
    throw new TypeError(`${name}: expected a tensor [${shape.join(", ")}], got ${formatValue(tensor)}`);
  if (tensor.dtype === "string" || tensor.dtype === "complex64")
    throw new TypeError(`${name}: expected a tensor of real numbers [${shape.join(", ")}], got ${tensor.dtype}`);
  if (tensor.isDisposed)
    throw new TypeError(`${name}: expected a tensor [${shape.join(", ")}], got one that is disposed`);
  const fits = (size: string | number, axis: number) =>
    typeof size === "string" ? tensor.shape[axis] > 0 : size === tensor.shape[axis];
  if (tensor.shape.length !== shape.length || !shape.every(fits))
    throw new RangeError(`${name}: expected [${shape.join(", ")}], got [${tensor.shape.join(", ")}]`);
}

/**
 * Converts a tensor to float32. `tf.concat` returns the dtype of its first argument, so dtypes must agree.
 *
 * @returns `tensor` itself if it is float32.
 */
export function toFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === "float32" ? tensor : tf.cast(tensor, "float32");
}

function checkInteger(name: string, value: unknown, range: { min: number; max: number; expected: string }): void {
  const message = `${name}: expected ${range.expected}, got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isInteger(value) || value < range.min || value > range.max) throw new RangeError(message);
}

function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
