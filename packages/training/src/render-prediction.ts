import type { NestedState, RecurrentCell } from "@dnc/core";
import { predictedOutputs, type Random, type Task } from "@dnc/tasks";
import { predict } from "./predict.js";

/**
 * Renders what a network outputs for one new sequence, in the task's readable form.
 *
 *     console.log(await renderPrediction(network, task, createRandom(2)));
 *
 * @typeParam State - What the network carries from step to step.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`.
 * @param task - Which sequences, and how to render them.
 * @param random - Where the sequence is sampled from; it advances.
 * @returns The text of `Task.render`, with the predicted bits, symbols or numbers where they count.
 * @throws TypeError if `random` is no generator.
 */
export async function renderPrediction<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  task: Task,
  random: Random,
): Promise<string> {
  const batch = task.sampleBatch(random, { batchSize: 1 });
  return task.render(batch, predictedOutputs(task, await predict(network, batch), batch.mask));
}
