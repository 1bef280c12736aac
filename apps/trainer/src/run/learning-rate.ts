import { createSchedule, type LearningRateSchedule } from "@dnc/training";
import type { TrainingConfig } from "../configs.js";

/** Creates the schedule of a run's learning rate; returns undefined if the rate is constant. */
export function learningRateSchedule({ schedule }: Pick<TrainingConfig, "schedule">): LearningRateSchedule | undefined {
  return schedule && createSchedule(schedule);
}
