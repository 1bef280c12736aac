import { constantRate, cosineDecay, type LearningRateSchedule, linearDecay } from "@dnc/training";
import type { TrainingConfig } from "../configs.js";

/** Creates the schedule of a run's learning rate; returns undefined if the rate is constant. */
export function learningRateSchedule({
  learningRate,
  schedule,
}: Pick<TrainingConfig, "learningRate" | "schedule">): LearningRateSchedule | undefined {
  if (!schedule) return undefined;
  const { shape, warmUp, iterations, finalRate } = schedule;
  switch (shape) {
    case "constant":
      return constantRate(learningRate, { warmUp });
    case "linear":
      return linearDecay(learningRate, { warmUp, iterations, finalRate });
    case "cosine":
      return cosineDecay(learningRate, { warmUp, iterations, finalRate });
  }
}
