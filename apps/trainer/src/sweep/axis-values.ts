/** Values of a setting that varies: a list, a range in equal steps, or seeded draws. */
import type { FlagValue } from "@dnc/settings";
import { createRandom, type Random } from "@dnc/tasks";
import { expected, integerAt, objectAt, positiveAt } from "./checks.js";

/** Significant digits of a drawn value, so that names are short. */
const DRAWN_DIGITS = 4;
/** Significant digits of a value of a range, which removes the rounding of its computation. */
const RANGE_DIGITS = 12;
/** Random bits of a draw. */
const BITS = 32;
/** Draws per value in search of one that was not drawn yet. */
const TRIES = 100;

const KINDS = "a list, { from, to, steps } or { logUniform: [low, high], draws }";

/**
 * Returns the values of a setting that varies.
 *
 * - `[32, 64]`: these.
 * - `{ "from": 0, "to": 1, "steps": 5 }`: 5 values at equal distances, both ends included.
 * - `{ "logUniform": [1e-4, 1e-2], "draws": 8, "seed": 0 }`: 8 different values whose logarithms are uniformly distributed, rounded to 4
 *   significant digits. The same on every machine.
 *
 * @param label - beginning of error messages: file and name of the setting.
 * @param value - one of the above.
 * @param isInteger - whether the setting is an integer: then ranges and draws are rounded.
 * @throws UsageError if it is none of the above, or two values are equal.
 */
export function axisValues(label: string, value: unknown, isInteger: boolean): readonly FlagValue[] {
  const values = Array.isArray(value) ? listed(label, value) : computed(label, value, isInteger);
  const again = firstRepeated(values);
  if (again !== undefined) throw expected(label, "different values", again);
  return values;
}

/** Finds the first value that was there before; undefined if all are different. */
export function firstRepeated<Value>(values: readonly Value[]): Value | undefined {
  const seen = new Set<Value>();
  return values.find((value) => seen.size === seen.add(value).size);
}

function listed(label: string, values: readonly unknown[]): readonly FlagValue[] {
  if (values.length === 0) throw expected(label, "at least one value", values);
  return values.map((value) => {
    const isValue = typeof value === "string" ? value !== "" : typeof value === "boolean" || Number.isFinite(value);
    if (!isValue) throw expected(label, "texts, numbers, true or false", value);
    return value === 0 ? 0 : (value as FlagValue); // not -0
  });
}

function computed(label: string, value: unknown, isInteger: boolean): readonly FlagValue[] {
  if (typeof value !== "object" || value === null) throw expected(label, KINDS, value);
  if ("from" in value) return ranged(label, value, isInteger);
  if ("logUniform" in value) return drawn(label, value, isInteger);
  throw expected(label, KINDS, value);
}

function ranged(label: string, value: object, isInteger: boolean): readonly number[] {
  const { from, to, steps } = objectAt(label, value, ["from", "to", "steps"]);
  const [first, last] = [finiteAt(`${label}: from`, from), finiteAt(`${label}: to`, to)];
  if (!Number.isFinite(last - first)) throw expected(label, "a range of finite width", value);
  const count = integerAt(`${label}: steps`, steps, { min: 2, max: 1000 });
  return Array.from({ length: count }, (_, index) => {
    const exact = first + ((last - first) * index) / (count - 1);
    return isInteger ? Math.round(exact) : Number(exact.toPrecision(RANGE_DIGITS));
  });
}

function drawn(label: string, value: object, isInteger: boolean): readonly number[] {
  const { logUniform, draws, seed = 0 } = objectAt(label, value, ["logUniform", "draws", "seed"]);
  if (!Array.isArray(logUniform) || logUniform.length !== 2)
    throw expected(`${label}: logUniform`, "[low, high]", logUniform);
  const [low, high] = logUniform.map((bound) => positiveAt(`${label}: logUniform`, bound));
  if (!(low < high)) throw expected(`${label}: logUniform`, "a low bound below the high one", logUniform);
  if (!Number.isFinite(high / low)) throw expected(`${label}: logUniform`, "bounds with a finite ratio", logUniform);
  const count = integerAt(`${label}: draws`, draws, { max: 1000 });
  const random = createRandom(integerAt(`${label}: seed`, seed, { min: 0 }));
  const values = new Set<number>();
  for (let tries = 0; values.size < count; tries++) {
    if (tries > count * TRIES) throw expected(`${label}: draws`, `at most ${values.size} different values`, count);
    const exact = logUniformDraw(low, high, random);
    values.add(isInteger ? Math.round(exact) : Math.min(high, Math.max(low, Number(exact.toPrecision(DRAWN_DIGITS)))));
  }
  return [...values];
}

/**
 * Draws a number whose logarithm is uniformly distributed: low * (high / low)^u. The power is a product of repeated square roots, one for
 * each bit of u: unlike exponential and logarithm, square roots are rounded in the same way on every machine.
 */
function logUniformDraw(low: number, high: number, random: Random): number {
  let bits = random.integer(0, 2 ** BITS - 1);
  let factor = high / low;
  let result = low;
  for (let bit = 0; bit < BITS; bit++) {
    factor = Math.sqrt(factor);
    bits *= 2;
    if (bits < 2 ** BITS) continue;
    bits -= 2 ** BITS;
    result *= factor;
  }
  return result;
}

function finiteAt(label: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw expected(label, "a number", value);
}
