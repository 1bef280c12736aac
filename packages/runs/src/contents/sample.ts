import type { Dnc, LstmNetwork } from "@dnc/core";
import { type AnyTask, createRandom, isEpisodeTask } from "@dnc/tasks";
import { evaluate, type Prediction, rollOut, samplePrediction } from "@dnc/training";

/** A new sequence, what the network outputs for it, and both as text. */
export type Sample = {
  /** The sequence and the output, as arrays. */
  readonly prediction: Prediction;
  /** Both in the task's readable form. */
  readonly text: string;
};

/**
 * Samples a new sequence and predicts its targets; of a task of episodes, runs the network through a new one.
 *
 * @param network - The network.
 * @param task - The task.
 * @param seed - Seed of the run; with `step` it determines the sequence, independently of the training data.
 * @param step - Iterations since the run began.
 * @returns The sequence, as arrays and as text.
 */
export async function predictSample(
  network: Dnc | LstmNetwork,
  task: AnyTask,
  seed: number,
  step: number,
): Promise<Sample> {
  const random = createRandom(sampleSeed(seed, step));
  if (isEpisodeTask(task)) {
    const episodes = task.startEpisodes(random, { batchSize: 1 });
    const { batch, outputs: output } = await rollOut(network, episodes);
    return { prediction: { batch, output }, text: episodes.render() };
  }
  const prediction = await samplePrediction(network, task, random);
  return { prediction, text: task.render(prediction.batch, prediction.output) };
}

/** Takes the place of a step in the seed of the held-out sequences; no run gets that far. */
const HELD_OUT = 2 ** 31 - 1;

/** Number of batches in the validation set: enough to compare checkpoints, and fast to evaluate. */
const VALIDATION_BATCHES = 2;

/**
 * Computes the mean loss on a run's validation set: the same few batches at every checkpoint, which training never samples.
 *
 * @param network - The network.
 * @param task - The task.
 * @param seed - Seed of the run, which determines the set.
 * @returns Mean loss per sequence.
 */
export async function validationLoss(network: Dnc | LstmNetwork, task: AnyTask, seed: number): Promise<number> {
  const random = createRandom(sampleSeed(seed, 0));
  const { loss, sequences } = await evaluate(network, task, { random, sequences: VALIDATION_BATCHES * task.batchSize });
  return loss / sequences;
}

/**
 * Computes the exact match on a run's held-out sequences: the same at every report, and others than the validation set's.
 *
 * @param network - The network.
 * @param task - The task.
 * @param seed - Seed of the run, which determines the sequences.
 * @param sequences - Their number.
 * @returns Fraction of the sequences without an error.
 */
export async function heldOutExactMatch(
  network: Dnc | LstmNetwork,
  task: AnyTask,
  seed: number,
  sequences: number,
): Promise<number> {
  const random = createRandom(sampleSeed(seed, HELD_OUT));
  const { exactMatch } = await evaluate(network, task, { random, sequences });
  return exactMatch / sequences;
}

/** Computes the seed of a sample: different for each step, and at least 2^31, which no run uses. */
function sampleSeed(seed: number, step: number): number {
  return ((Math.imul(seed, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b)) | 0x80000000) >>> 0;
}
