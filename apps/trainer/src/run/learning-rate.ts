import { createSchedule, type LearningRateSchedule } from "@dnc/training";
import type { TrainingConfig } from "../configs.js";

/** Creates the schedule of a run's learning rate; returns undefined if the rate is constant. */
export function learningRateSchedule({
  learningRate: rate,
  schedule,
}: Pick<TrainingConfig, "learningRate" | "schedule">): LearningRateSchedule | undefined {
  if (!schedule) return undefined;
  const { shape, warmUp, iterations, finalRate } = schedule;
  return shape === "constant"
    ? createSchedule({ type: shape, rate, warmUp })
    : createSchedule({ type: shape, rate, warmUp, iterations, finalRate });
}
