import { type Dnc, type DncState, type LstmNetwork, type RecurrentCell, serializeTrace, unroll } from "@dnc/core";
import { type NamedImage, traceHeatmaps } from "@dnc/report";
import { createRandom, type Task } from "@dnc/tasks";
import { evaluate, type Prediction, samplePrediction, toTensors } from "@dnc/training";
import * as tf from "@tensorflow/tfjs-core";

/**
 * Samples a new sequence and predicts its targets.
 *
 * @param seed - seed of the run; with `step` it determines the sequence, independently of the training data.
 */
export async function predictSample(
  network: Dnc | LstmNetwork,
  task: Task,
  seed: number,
  step: number,
): Promise<Prediction> {
  return samplePrediction(network, task, createRandom(sampleSeed(seed, step)));
}

/** Approximate width of an image in pixels, and the largest width of a cell. */
const IMAGE_PIXELS = 512;
const MAX_CELL_PIXELS = 8;

/** Most numbers of memory in a trace to draw: they take 256 MiB when the trace is serialized. */
const MAX_NUMBERS = 2 ** 25;

/**
 * Draws the state of the memory over the sequence of `predictSample`; returns no images if there is no memory, or the trace is
 * too large.
 */
export async function drawSample(
  network: Dnc | LstmNetwork,
  task: Task,
  seed: number,
  step: number,
): Promise<NamedImage[]> {
  if (network.config.memory === false) return [];
  const batch = task.sampleBatch(createRandom(sampleSeed(seed, step)), { batchSize: 1 });
  const { timeSteps } = batch;
  const { memorySize, wordSize } = network.config;
  if (timeSteps * memorySize * wordSize > MAX_NUMBERS) return [];
  const widest = Math.max(timeSteps, memorySize, wordSize);
  const cell = Math.max(1, Math.min(MAX_CELL_PIXELS, Math.floor(IMAGE_PIXELS / widest)));
  const { trace } = tf.tidy(() => {
    const drawn = withoutLinks(network as Dnc);
    return { trace: unroll(drawn, toTensors(batch).inputs, undefined, { trace: true }).trace };
  });
  const images = traceHeatmaps(await serializeTrace(trace), { cell });
  tf.dispose(trace);
  return images;
}

/** The network as a cell whose trace lacks the links, which no image shows and which would take most of the memory. */
function withoutLinks(network: Dnc): RecurrentCell<DncState, ReturnType<Dnc["prepareWeights"]>> {
  return {
    variables: network.variables,
    initialState: (batchSize) => network.initialState(batchSize),
    prepareWeights: () => network.prepareWeights(),
    step: (...given) => {
      const { trace: { link, ...trace } = {}, ...step } = network.step(...given);
      return { ...step, trace };
    },
    dispose: () => network.dispose(),
  };
}

/** Takes the place of a step in the seed of the held-out sequences; no run gets that far. */
const HELD_OUT = 2 ** 31 - 1;

/** Number of batches in the validation set: enough to compare checkpoints, and fast to evaluate. */
const VALIDATION_BATCHES = 2;

/**
 * Computes the mean loss on a run's validation set: the same few batches at every checkpoint, which training never samples.
 *
 * @param seed - seed of the run, which determines the set.
 */
export async function validationLoss(network: Dnc | LstmNetwork, task: Task, seed: number): Promise<number> {
  const random = createRandom(sampleSeed(seed, 0));
  const { loss, sequences } = await evaluate(network, task, { random, sequences: VALIDATION_BATCHES * task.batchSize });
  return loss / sequences;
}

/**
 * Computes the exact match on a run's held-out sequences: the same at every report, and others than the validation set's.
 *
 * @param seed - seed of the run, which determines the sequences.
 * @param sequences - their number.
 */
export async function heldOutExactMatch(
  network: Dnc | LstmNetwork,
  task: Task,
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
