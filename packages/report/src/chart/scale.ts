import { formatNumber } from "../format.js";

/** An axis: positions of values, and ticks. */
export interface Scale {
  /** Position of a value: 0 at the beginning of the axis, 1 at its end. */
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  readonly kind: "linear" | "logarithmic";
  /** Values at the beginning and at the end of the axis. */
  readonly range: readonly [low: number, high: number];
}

/** Ratio of the highest to the lowest value above which a logarithmic axis is used. */
const WIDE_RATIO = 20;

/** Distances between ticks are these factors times a power of ten. */
const ROUND_FACTORS = [1, 2, 2.5, 5, 10] as const;

/** Approximate number of intervals between ticks on a linear axis. */
const INTERVALS = 5;

/**
 * Smallest range of a linear axis. A smaller one is drawn as a range of 1: its ticks would be closer together than the
 * precision of numbers.
 */
const MIN_RANGE = 1e-300;

/** Largest absolute value on a linear axis: with larger values the ends of the axis might not be finite. */
const MAX_VALUE = 1e300;

/** Chooses an axis for losses and norms: logarithmic if the values spread widely, otherwise linear and including 0. */
export function scaleFor(values: readonly number[]): Scale {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), 0);
  if (low > 0 && high / low > WIDE_RATIO) return logScale(low, high);
  return linearScale(Math.min(0, low), high > 0 || low < 0 ? high : 1);
}

/** Creates a linear axis that begins and ends at a tick and includes `first` and `last`. */
export function linearScale(first: number, last: number, label: (value: number) => string = formatNumber): Scale {
  const [low, high] = [Math.max(first, -MAX_VALUE), Math.min(last, MAX_VALUE)];
  const range = high - low > MIN_RANGE ? high - low : 1;
  const step = roundStep(range / INTERVALS);
  const begin = clean(Math.floor(low / step + 1e-9) * step);
  const count = Math.max(1, Math.ceil((low + range - begin) / step - 1e-9));
  const end = clean(begin + count * step);
  const values = Array.from({ length: count + 1 }, (_, index) => clean(begin + index * step));
  return {
    at: (value) => (value - begin) / (end - begin),
    ticks: values.map((value) => ({ value, label: label(value) })),
    kind: "linear",
    range: [begin, end],
  };
}

/** Creates a linear axis of exactly this range, with ticks at round values. */
export function tightScale(low: number, high: number, label: (value: number) => string = formatNumber): Scale {
  const { ticks } = linearScale(low, high, label);
  return {
    at: (value) => (high > low ? (value - low) / (high - low) : 0.5),
    ticks: ticks.filter(({ value }) => value <= high),
    kind: "linear",
    range: [low, high],
  };
}

/**
 * Creates a logarithmic axis of exactly this range.
 *
 * @param low - above 0.
 */
export function logScale(low: number, high: number): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const exponents = Array.from({ length: Math.floor(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i);
  const ticksAt = (factors: readonly number[]) =>
    exponents
      .flatMap((exponent) => factors.map((factor) => clean(factor * 10 ** exponent)))
      .filter((value) => value >= low && value <= high);
  const candidates = [[1, 2, 5], [1, 3], [1]].map(ticksAt);
  const few = candidates.find((ticks) => ticks.length <= 6) ?? everyNth(candidates[2], 6);
  return {
    at: (value) => (Math.log10(value) - from) / (to - from),
    ticks: few.map((value) => ({ value, label: formatNumber(value) })),
    kind: "logarithmic",
    range: [low, high],
  };
}

/** Returns the smallest round step that is at least `min`. */
function roundStep(min: number): number {
  const power = 10 ** Math.floor(Math.log10(min));
  return clean(power * (ROUND_FACTORS.find((factor) => factor * power >= min * (1 - 1e-9)) ?? 10));
}

function everyNth(values: readonly number[], most: number): readonly number[] {
  const every = Math.ceil(values.length / most);
  return values.filter((_, index) => index % every === 0);
}

/** Removes rounding errors in the last digits of sums and products. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
