import type { LossName, TaskLoss } from "@dnc/tasks";

/** What an output stands for, by the loss: what is right or wrong in a sequence. */
const SCORED: Readonly<Record<LossName, string>> = { sigmoid: "bit", softmax: "symbol", squared: "number" };

/** Describes the unit of a task's loss, such as `nats per sequence`. */
export function lossUnit({ loss, timeAverage, logProbInBits }: Omit<TaskLoss, "groupSizes">): string {
  const quantity = loss === "squared" ? "halved squared error" : logProbInBits ? "bits" : "nats";
  return `${quantity} per ${timeAverage ? "time step" : "sequence"}`;
}

/** Names what is right or wrong in a sequence of a task: a bit, a symbol or a number. */
export function scoredUnit({ loss }: Pick<TaskLoss, "loss">): string {
  return SCORED[loss];
}
