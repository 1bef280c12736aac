import { type Dnc, serializeTrace, unroll } from "@dnc/core";
import { type NamedImage, traceHeatmaps } from "@dnc/report";
import { createRandom, modelOutput, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { scoreBatch } from "./evaluation.js";

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

/** Pixels along a picture's side, about, and along a cell's at most. */
const PICTURE_PIXELS = 512;
const LARGEST_CELL = 8;

/** A trace with more numbers in its links than this is not drawn: as JSON data it would take a quarter of a gibibyte. */
const MAX_LINKS = 2 ** 25;

/**
 * Pictures of what the memory did with the sequence that `renderSample` shows, where its trace is not too large.
 *
 * @param task - with one sequence a batch.
 */
export async function drawSample(core: Dnc, task: Task, seed: number, step: number): Promise<NamedImage[]> {
  const batch = task.sample(createRandom(sampleSeed(seed, step)));
  const { memorySize, wordSize, writeHeads } = core.config;
  const tooLarge = batch.observations.shape[0] * writeHeads * memorySize ** 2 > MAX_LINKS;
  const trace = tooLarge
    ? undefined
    : tf.tidy(() => unroll(core, batch.observations, undefined, { trace: true }).trace);
  const widest = Math.max(batch.observations.shape[0], memorySize, wordSize);
  const cell = Math.max(1, Math.min(LARGEST_CELL, Math.floor(PICTURE_PIXELS / widest)));
  const pictures = trace ? traceHeatmaps(await serializeTrace(trace), { cell }) : [];
  tf.dispose([batch, trace ?? {}]);
  return pictures;
}

/** Batches of the validation set: enough to tell checkpoints apart, few enough to cost next to nothing. */
const VALIDATION_BATCHES = 2;

/**
 * The mean loss on a run's validation set: the same few batches at every checkpoint, which training never draws.
 *
 * @param seed - of the run; it decides the set.
 */
export async function validationLoss(core: Dnc, task: Task, seed: number): Promise<number> {
  const random = createRandom(sampleSeed(seed, 0));
  let [loss, sequences] = [0, 0];
  for (let index = 0; index < VALIDATION_BATCHES; index++) {
    const score = await scoreBatch(core, task.sample(random));
    loss += score.loss;
    sequences += score.sequences;
  }
  return loss / sequences;
}

/** A different generator for each step, and none that the run itself uses: those have seeds below 2^31. */
function sampleSeed(seed: number, step: number): number {
  return ((Math.imul(seed, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b)) | 0x80000000) >>> 0;
}
