import { createSchedule, type LearningRateSchedule } from "@dnc/training";
import type { TrainingConfig } from "../configs.js";

/**
 * Creates the schedule of a run's learning rate.
 *
 * @param training - options of the training.
 * @returns undefined if the rate is constant.
 */
export function learningRateSchedule(training: Pick<TrainingConfig, "schedule">): LearningRateSchedule | undefined {
  const { schedule } = training;
  return schedule && createSchedule(schedule);
}
