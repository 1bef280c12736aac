import * as tf from "@tensorflow/tfjs-core";
import { formatValue } from "./checks.js";

/**
 * Checks the shape of a tensor argument before any tensor is made.
 *
 * @param name - the argument's name, for the message.
 * @param tensor - the argument.
 * @param dimensions - the expected dimensions, outermost first: a number where the size is known, a name (`"batch"`,
 *   `"slots"`) where any positive size is accepted.
 * @throws RangeError `usage: expected [batch, slots], got [3]` if the rank or a known size differs, or if a dimension
 *   is empty; TypeError if it is not a tensor, is disposed, or has strings or complex numbers.
 */
export function assertShape(name: string, tensor: tf.Tensor, dimensions: readonly (string | number)[]): void {
  const expected = `[${dimensions.join(", ")}]`;
  assertTensor(name, tensor, ` ${expected}`);
  const { shape } = tensor;
  const fits =
    shape.length === dimensions.length &&
    dimensions.every((size, axis) => (typeof size === "number" ? shape[axis] === size : shape[axis] > 0));
  if (!fits) throw new RangeError(`${name}: expected ${expected}, got [${shape.join(", ")}]`);
}

/**
 * Throws a TypeError unless `value` is a tensor of real numbers that is not disposed; `expected` adds its dimensions to the
 * message.
 */
export function assertTensor(name: string, value: unknown, expected = ""): void {
  if (!(value instanceof tf.Tensor))
    throw new TypeError(`${name}: expected a tensor${expected}, got ${formatValue(value)}`);
  if (value.dtype === "string") throw new TypeError(`${name}: expected a tensor of numbers${expected}, got strings`);
  if (value.dtype === "complex64")
    throw new TypeError(`${name}: expected a tensor of real numbers${expected}, got complex64`);
  if (value.isDisposed) throw new TypeError(`${name}: expected a tensor${expected}, got one that is disposed`);
}
