import { checkObject, formatValue } from "@dnc/core/engine";
import {
  constantRate,
  cosineDecay,
  type DecayOptions,
  exponentialDecay,
  type FactorOptions,
  type LearningRateSchedule,
  linearDecay,
  stepDecay,
  type WarmUpOptions,
} from "./learning-rate.js";

/** A learning-rate schedule as plain data: its type, the rate after the warm-up, and the options of the type. */
export type ScheduleOptions =
  | (ScheduleOf<"constant"> & WarmUpOptions)
  | (ScheduleOf<"linear" | "cosine"> & DecayOptions)
  | (ScheduleOf<"step" | "exponential"> & FactorOptions);

/**
 * What all schedules have as plain data.
 *
 * @typeParam Type - The names of the schedule.
 */
export type ScheduleOf<Type extends string> = {
  /** Name of the schedule. */
  readonly type: Type;
  /** The learning rate after the warm-up, above 0. */
  readonly rate: number;
};

const SCHEDULES = {
  constant: constantRate,
  linear: linearDecay,
  cosine: cosineDecay,
  step: stepDecay,
  exponential: exponentialDecay,
};

/**
 * Creates a learning-rate schedule from plain data, such as the contents of a run's config.
 *
 *     const learningRate = createSchedule({ type: "cosine", rate: 1e-3, iterations: 10_000, warmUp: 500 });
 *     await train({ network, task, iterations: 10_000, learningRate });
 *
 * @param options - `type`, "constant", "linear", "cosine", "step" or "exponential"; `rate`; and the options of
 *   `constantRate`, `linearDecay`, `cosineDecay`, `stepDecay` or `exponentialDecay`.
 * @returns A schedule for `train`.
 * @throws TypeError for an unknown type or option, or a value of the wrong kind; RangeError for a number out of range.
 */
export function createSchedule(options: ScheduleOptions): LearningRateSchedule {
  checkObject("schedule", options);
  const { type, rate, ...rest } = options;
  if (!Object.hasOwn(SCHEDULES, type)) {
    const types = Object.keys(SCHEDULES).map((name) => JSON.stringify(name));
    throw new TypeError(`schedule.type: expected one of ${types.join(", ")}, got ${formatValue(type)}`);
  }
  return (SCHEDULES[type] as (rate: number, rest: object) => LearningRateSchedule)(rate, rest);
}
