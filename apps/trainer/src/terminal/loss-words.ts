import type { EpisodeTask, LossName, TaskLoss } from "@dnc/tasks";

/** What an output stands for, by the loss: what is right or wrong in a sequence. */
const SCORED: Readonly<Record<LossName, string>> = { sigmoid: "bit", softmax: "symbol", squared: "number" };

/** Describes the unit of a task's loss, such as `nats per sequence`. */
export function lossUnit(task: Omit<TaskLoss, "groupSizes"> | EpisodeTask): string {
  if ("startEpisodes" in task) return "per episode";
  const { loss, timeAverage, logProbInBits } = task;
  const quantity = loss === "squared" ? "halved squared error" : logProbInBits ? "bits" : "nats";
  return `${quantity} per ${timeAverage ? "time step" : "sequence"}`;
}

/** Names what is right or wrong in a sequence of a task: a bit, a symbol, a number, or a decision of an episode. */
export function scoredUnit(task: Pick<TaskLoss, "loss"> | EpisodeTask): string {
  return "startEpisodes" in task ? "decision" : SCORED[task.loss];
}
