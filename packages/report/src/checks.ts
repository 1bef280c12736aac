/** Checks of arguments. */
import type { Point } from "./chart/curve.js";

/** @throws TypeError if `value` is not a number; RangeError if it is not an integer from `min` to `max`. */
export function checkInteger(name: string, value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): void {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const message = `${name}: expected ${min === 1 ? "a positive integer" : `an integer ${range}`}, got ${value}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new RangeError(message);
}

/** @throws TypeError if `range` is not a pair; RangeError if it is not finite or its ends are not in ascending order. */
export function checkRange(range: readonly [number, number]): void {
  if (!Array.isArray(range) || range.length !== 2) throw new TypeError(`range: expected two numbers, got ${range}`);
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw new RangeError(`range: expected two finite numbers, the lower first, got [${low}, ${high}]`);
}

/**
 * @param name - name of the points in messages; default: "points".
 * @throws TypeError if `points` is not an array; RangeError if it is empty, or a point is not finite or out of order.
 */
export function checkPoints(points: readonly Point[], name = "points"): void {
  if (!Array.isArray(points)) throw new TypeError(`${name}: expected a list of points, got ${points}`);
  if (points.length === 0) throw new RangeError(`${name}: expected at least one, got none`);
  points.forEach((point: Point, index) => {
    if (!Number.isFinite(point?.x) || !Number.isFinite(point?.y))
      throw new RangeError(`${name}[${index}]: expected finite x and y, got ${JSON.stringify(point)}`);
    const before = index === 0 ? 0 : points[index - 1].x;
    if (point.x < before) throw new RangeError(`${name}[${index}].x: expected at least ${before}, got ${point.x}`);
  });
}
