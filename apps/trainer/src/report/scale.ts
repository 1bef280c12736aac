import { grouped } from "./numbers.js";

/** An axis: where values lie on it, and what is written beside it. */
export interface Scale {
  /** 0 at its beginning, 1 at its end. */
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  readonly kind: "linear" | "logarithmic";
}

/** A larger range than this shows best on a logarithmic axis. */
const WIDE_RATIO = 20;

/** The steps between ticks are these times a power of ten. */
const ROUND = [1, 2, 2.5, 5, 10] as const;

/** An axis for losses and norms: logarithmic where the values spread widely, otherwise linear and from 0. */
export function scaleFor(values: readonly number[]): Scale {
  const [low, high] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), 0)];
  if (low > 0 && high / low > WIDE_RATIO) return logScale(low, high);
  return linearScale(0, high > 0 ? high : 1);
}

/** Equal steps; ends at the first tick that no value exceeds. */
export function linearScale(low: number, high: number, label: (value: number) => string = grouped): Scale {
  const step = roundStep((high - low) / 5);
  const count = Math.max(1, Math.ceil((high - low) / step - 1e-9));
  const end = clean(low + count * step);
  const values = Array.from({ length: count + 1 }, (_, index) => clean(low + index * step));
  return {
    at: (value) => (value - low) / (end - low),
    ticks: values.map((value) => ({ value, label: label(value) })),
    kind: "linear",
  };
}

/** An axis of exactly this range, ticks where they are round. */
export function tightScale(low: number, high: number, label: (value: number) => string = grouped): Scale {
  const { ticks } = linearScale(low, high, label);
  return {
    at: (value) => (high > low ? (value - low) / (high - low) : 0.5),
    ticks: ticks.filter(({ value }) => value <= high),
    kind: "linear",
  };
}

/** Equal ratios. @param low - above 0. */
export function logScale(low: number, high: number): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const exponents = Array.from({ length: Math.floor(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i);
  const within = (factors: readonly number[]) =>
    exponents
      .flatMap((exponent) => factors.map((factor) => clean(factor * 10 ** exponent)))
      .filter((value) => value >= low && value <= high);
  const candidates = [[1, 2, 5], [1, 3], [1]].map(within);
  const few = candidates.find((ticks) => ticks.length <= 6) ?? everyFew(candidates[2], 6);
  return {
    at: (value) => (Math.log10(value) - from) / (to - from),
    ticks: few.map((value) => ({ value, label: grouped(value) })),
    kind: "logarithmic",
  };
}

/** The smallest round number that is not below. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return clean(power * (ROUND.find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10));
}

function everyFew(values: readonly number[], most: number): readonly number[] {
  const every = Math.ceil(values.length / most);
  return values.filter((_, index) => index % every === 0);
}

/** Without the last digits that sums and products of decimal fractions leave. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
