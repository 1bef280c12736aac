import { type Dnc, type DncState, type DncTrace, type LstmNetwork, type RecurrentCell, unroll } from "@dnc/core";
import { type NamedImage, type TraceData, traceHeatmaps } from "@dnc/report";
import { type AnyTask, type Batch, createRandom, isEpisodeTask } from "@dnc/tasks";
import { evaluate, type Prediction, rollOut, samplePrediction, toTensors } from "@dnc/training";
import * as tf from "@tensorflow/tfjs-core";

/** A new sequence, what the network outputs for it, and both as text. */
export type Sample = { readonly prediction: Prediction; readonly text: string };

/**
 * Samples a new sequence and predicts its targets; of a task of episodes, runs the network through a new one.
 *
 * @param seed - seed of the run; with `step` it determines the sequence, independently of the training data.
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

/** Approximate width of an image in pixels, and the largest width of a cell. */
const IMAGE_PIXELS = 512;
const MAX_CELL_PIXELS = 8;

/** Most numbers of memory in a trace to draw: they take 128 MiB, and as much again while it is made. */
const MAX_NUMBERS = 2 ** 25;

/**
 * Draws the state of the memory over a sequence, that of `predictSample`; returns no images if there is no memory, or the trace is
 * too large.
 */
export async function drawSample(network: Dnc | LstmNetwork, batch: Batch): Promise<NamedImage[]> {
  if (network.config.memory === false) return [];
  const { timeSteps } = batch;
  const { memorySize, wordSize } = network.config;
  if (timeSteps * memorySize * wordSize > MAX_NUMBERS) return [];
  const widest = Math.max(timeSteps, memorySize, wordSize);
  const cell = Math.max(1, Math.min(MAX_CELL_PIXELS, Math.floor(IMAGE_PIXELS / widest)));
  const { trace } = tf.tidy(() => {
    const drawn = withoutLinks(network as Dnc);
    return { trace: unroll(drawn, toTensors(batch).inputs, undefined, { trace: true }).trace };
  });
  const data = await readTrace(trace);
  tf.dispose(trace);
  return traceHeatmaps(data, { cell });
}

/** Reads a trace without a copy: as an array of numbers, as `serializeTrace` returns it, a large one takes several times as much. */
async function readTrace(trace: DncTrace): Promise<TraceData> {
  const quantities: Record<string, { shape: number[]; data: ArrayLike<number> }> = {};
  for (const [name, tensor] of Object.entries(trace))
    if (tensor) quantities[name] = { shape: tensor.shape, data: await tensor.data() };
  return { quantities };
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
export async function validationLoss(network: Dnc | LstmNetwork, task: AnyTask, seed: number): Promise<number> {
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
