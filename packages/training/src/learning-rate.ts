import { checkNumber, checkPositive } from "@dnc/core/engine";
import { checkCount, checkKeys } from "./checks.js";

/**
 * Learning rate by iteration.
 *
 * @param iteration - The iteration about to be run, counted from 1 since the run began.
 * @returns The learning rate of its update, above 0.
 */
export type LearningRateSchedule = (iteration: number) => number;

/** Options of a schedule: warm-up. */
export type WarmUpOptions = {
  /** Number of iterations in which the rate rises linearly from `rate / warmUp` to `rate`; default: 0. */
  readonly warmUp?: number | undefined;
};

/** Options of a decaying schedule. */
export type DecayOptions = WarmUpOptions & {
  /** Iteration at which `finalRate` is reached, including the warm-up. */
  readonly iterations: number;
  /** The rate from that iteration on, above 0; default: the rate divided by 100. */
  readonly finalRate?: number | undefined;
};

/** Options of a schedule that multiplies the rate by a factor. */
export type FactorOptions = WarmUpOptions & {
  /** Number of iterations in which the rate is multiplied by `factor` once; 1 or more. */
  readonly interval: number;
  /** The factor, above 0 and at most 1; default: 0.5. */
  readonly factor?: number | undefined;
  /** Lower bound of the rate, above 0; default: none, except that the rate never becomes 0. */
  readonly minRate?: number | undefined;
};

/** Keeps a rate that decays for very long above 0: the smallest normal number in float32. */
const MIN_RATE = 2 ** -126;

/**
 * Creates a schedule with a constant learning rate after its warm-up.
 *
 * @param rate - The learning rate, above 0.
 * @param options - `warmUp`: number of iterations; default: 0.
 * @returns A schedule for `train`.
 * @throws RangeError for a number out of range; TypeError for a value of the wrong type or an unknown option.
 */
export function constantRate(rate: number, options: WarmUpOptions = {}): LearningRateSchedule {
  checkKeys("option", options, ["warmUp"]);
  checkPositive("rate", rate);
  return warmedUp(rate, options.warmUp, () => rate);
}

/**
 * Creates a schedule that decreases the learning rate linearly to `finalRate`.
 *
 *     rate(i) = rate + (finalRate - rate) * p,  p = (i - warmUp) / (iterations - warmUp) in [0, 1]
 *
 * @param rate - The learning rate after the warm-up, above 0.
 * @param options - `iterations`, `finalRate` and `warmUp`.
 * @returns A schedule for `train`.
 * @throws RangeError for a number out of range; TypeError for a value of the wrong type or an unknown option.
 */
export function linearDecay(rate: number, options: DecayOptions): LearningRateSchedule {
  return decay(rate, options, (progress) => 1 - progress);
}

/**
 * Creates a schedule that decreases the learning rate to `finalRate` along half a cosine wave, slowly at the start and
 * at the end.
 *
 *     const learningRate = cosineDecay(1e-3, { iterations: 10_000, warmUp: 500 });
 *     await train({ network, task, iterations: 10_000, learningRate });
 *
 *     rate(i) = finalRate + (rate - finalRate) * (1 + cos(pi p)) / 2,  p = (i - warmUp) / (iterations - warmUp) in [0, 1]
 *
 * Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", without the restarts.
 *
 * @param rate - The learning rate after the warm-up, above 0.
 * @param options - `iterations`, `finalRate` and `warmUp`.
 * @returns A schedule for `train`.
 * @throws RangeError for a number out of range; TypeError for a value of the wrong type or an unknown option.
 */
export function cosineDecay(rate: number, options: DecayOptions): LearningRateSchedule {
  return decay(rate, options, (progress) => (1 + Math.cos(Math.PI * progress)) / 2);
}

/**
 * Creates a schedule that multiplies the learning rate by a factor at regular intervals.
 *
 *     rate(i) = max(minRate, rate * factor^floor((i - warmUp) / interval))
 *
 * @param rate - The learning rate after the warm-up, above 0.
 * @param options - `interval`, `factor`, `minRate` and `warmUp`.
 * @returns A schedule for `train`.
 * @throws RangeError for a number out of range; TypeError for a value of the wrong type or an unknown option.
 */
export function stepDecay(rate: number, options: FactorOptions): LearningRateSchedule {
  return factorDecay(rate, options, Math.floor);
}

/**
 * Creates a schedule that decreases the learning rate exponentially.
 *
 *     rate(i) = max(minRate, rate * factor^((i - warmUp) / interval))
 *
 * @param rate - The learning rate after the warm-up, above 0.
 * @param options - `interval`, `factor`, `minRate` and `warmUp`.
 * @returns A schedule for `train`.
 * @throws RangeError for a number out of range; TypeError for a value of the wrong type or an unknown option.
 */
export function exponentialDecay(rate: number, options: FactorOptions): LearningRateSchedule {
  return factorDecay(rate, options, (intervals) => intervals);
}

function factorDecay(
  rate: number,
  options: FactorOptions,
  exponent: (intervals: number) => number,
): LearningRateSchedule {
  checkKeys("option", options, ["interval", "factor", "minRate", "warmUp"]);
  checkPositive("rate", rate);
  const { interval, factor = 0.5, minRate = Math.min(rate, MIN_RATE), warmUp = 0 } = options;
  checkCount("interval", interval);
  checkPositive("factor", factor);
  if (factor > 1) throw new RangeError(`factor: expected at most 1, got ${factor}`);
  checkPositive("minRate", minRate);
  if (minRate > rate) throw new RangeError(`minRate: expected at most rate (${rate}), got ${minRate}`);
  return warmedUp(rate, warmUp, (iteration) =>
    Math.max(minRate, rate * factor ** exponent((iteration - warmUp) / interval)),
  );
}

function decay(rate: number, options: DecayOptions, shape: (progress: number) => number): LearningRateSchedule {
  checkKeys("option", options, ["iterations", "finalRate", "warmUp"]);
  checkPositive("rate", rate);
  const { iterations, finalRate = rate / 100, warmUp = 0 } = options;
  checkCount("iterations", iterations);
  checkPositive("finalRate", finalRate);
  if (warmUp >= iterations)
    throw new RangeError(`warmUp: expected less than iterations (${iterations}), got ${warmUp}`);
  return warmedUp(rate, warmUp, (iteration) => {
    const progress = Math.min(1, (iteration - warmUp) / (iterations - warmUp));
    return finalRate + (rate - finalRate) * shape(progress);
  });
}

function warmedUp(rate: number, warmUp: number | undefined = 0, then: LearningRateSchedule): LearningRateSchedule {
  checkNumber("warmUp", warmUp);
  if (!Number.isSafeInteger(warmUp) || warmUp < 0)
    throw new RangeError(`warmUp: expected an integer of at least 0, got ${warmUp}`);
  return (iteration) => (iteration < warmUp ? (rate * iteration) / warmUp : then(iteration));
}
