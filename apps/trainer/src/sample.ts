import { type Dnc, unroll } from "@dnc/core";
import { createRandom, modelOutput, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";

/**
 * What the core answers to one fresh sequence, in the task's readable form.
 *
 * @param task - with one sequence a batch.
 * @param seed - of the run; with `step` it decides the sequence, so that no sample moves the stream of training data.
 */
export async function renderSample(core: Dnc, task: Task, seed: number, step: number): Promise<string> {
  const batch = task.sample(createRandom(sampleSeed(seed, step)));
  const output = tf.tidy(() => modelOutput(unroll(core, batch.observations).outputs, batch.mask));
  const text = await task.render(batch, output);
  tf.dispose([batch, output]);
  return text;
}

/**
 * The loss on a fresh batch, which moves no stream of training data either.
 *
 * @param task - with any number of sequences a batch.
 */
export async function freshLoss(core: Dnc, task: Task, seed: number, step: number): Promise<number> {
  const batch = task.sample(createRandom(sampleSeed(seed, step)));
  const loss = tf.tidy(() => task.cost(unroll(core, batch.observations).outputs, batch));
  const [value] = await loss.data();
  tf.dispose([batch, loss]);
  return value;
}

/** A different generator for each step, and none that the run itself uses: those have seeds below 2^31. */
function sampleSeed(seed: number, step: number): number {
  return ((Math.imul(seed, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b)) | 0x80000000) >>> 0;
}
