import type { NestedState, RecurrentCell } from "@dnc/core";
import { type Batch, predictedOutputs, type Random, type Task } from "@dnc/tasks";
import { predict } from "./predict.js";

/** New sequences of a task, and what a network outputs for them. */
export type Prediction = {
  /** The sequences, with their targets. */
  readonly batch: Batch;
  /** `[timeSteps, batchSize, targetSize]`: the predicted bits, symbols or numbers, and 0 where the mask is 0. */
  readonly output: Float32Array;
};

/**
 * Samples one new sequence and predicts its targets, for programs that show both in their own way.
 *
 *     const { batch, output } = await samplePrediction(network, task, createRandom(2));
 *     console.log(task.render(batch, output));
 *
 * @typeParam State - What the network carries from step to step.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`.
 * @param task - Which sequences.
 * @param random - Where the sequence is sampled from; it advances.
 * @returns A batch of one sequence and the output.
 * @throws TypeError if `random` is no generator.
 */
export async function samplePrediction<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  task: Task,
  random: Random,
): Promise<Prediction> {
  const batch = task.sampleBatch(random, { batchSize: 1 });
  return { batch, output: predictedOutputs(task, await predict(network, batch), batch.mask) };
}

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
  const { batch, output } = await samplePrediction(network, task, random);
  return task.render(batch, output);
}
