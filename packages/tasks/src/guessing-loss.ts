import type { TaskLoss } from "./loss-options.js";
import { outputGroups } from "./output-groups.js";

/**
 * Computes the loss of a network that knows nothing, on average over the sequences of a task: one that gives every bit a
 * probability of one half, and every symbol of a group the same probability.
 *
 *     guessingLoss(repeatCopy()); // 11.26..., nats per sequence
 *
 *     sigmoid: log 2 for each bit that counts,  softmax: log(size of the group) for each symbol that counts
 *
 * @param task - With `meanCountedSteps`, as `copy` and `repeatCopy` have it.
 * @returns Mean loss per sequence, of the task's loss; undefined if the task does not say how many steps count, and for
 *   `squared`, where it depends on the targets.
 * @throws RangeError if the group sizes do not add up to the target size.
 */
export function guessingLoss(
  task: TaskLoss & { readonly targetSize: number; readonly meanCountedSteps?: number | undefined },
): number | undefined {
  const { targetSize, meanCountedSteps, loss, timeAverage, logProbInBits } = task;
  if (meanCountedSteps === undefined || loss === "squared") return undefined;
  const steps = timeAverage ? 1 : meanCountedSteps;
  if (loss === "sigmoid") return steps * targetSize * (logProbInBits ? 1 : Math.LN2);
  const nats = outputGroups(task, targetSize).reduce((sum, { start, end }) => sum + Math.log(end - start), 0);
  return (steps * nats) / (logProbInBits ? Math.LN2 : 1);
}
