import { type AnyTask, isEpisodeTask } from "@dnc/tasks";
import type { TrainedLoss } from "./loss-function.js";

/** Returns a task's loss; that of episodes is linear in the outputs, with the gradient as targets. */
export function lossOf(task: AnyTask): TrainedLoss {
  return isEpisodeTask(task) ? { loss: "linear", timeAverage: false, logProbInBits: false } : task;
}
