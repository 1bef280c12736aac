import type { Dnc, LstmNetwork } from "@dnc/core";
import {
  type AnyTask,
  type Batch,
  type BlockEpisodes,
  blockEpisodeBoards,
  blockEpisodeGoals,
  createRandom,
  type Episodes,
  type GraphTask,
  graphStepLabels,
  isEpisodeTask,
  type OutputOptions,
  type PathEpisodes,
  phasesOf,
  predictedOutputs,
  type Random,
} from "@dnc/tasks";
import { rollOut } from "@dnc/training";
import { type RunOptions, runSequence } from "../network/run-sequence.js";
import type { SequenceView } from "../trace/sequence-view.js";
import type { Quantity } from "../trace/trace.js";
import { checkSize } from "./check-size.js";

/** Seeds of sequences to look at begin here, as those of `dnc trace`: no training has drawn them. */
const FIRST_SEED = 2 ** 31;

/** Runs a network over a new sequence of a task. */
export async function traceView(
  network: Dnc | LstmNetwork,
  task: AnyTask,
  seed: number,
  run: RunOptions = {},
): Promise<SequenceView> {
  const random = randomOf(seed);
  if (isEpisodeTask(task)) {
    const episodes: Episodes & Partial<PathEpisodes & BlockEpisodes> = task.startEpisodes(random, { batchSize: 1 });
    const { batch } = await rollOut(network, episodes);
    const blank = { ...batch, targets: new Float32Array(batch.targets.length) };
    const view = await viewOf(network, blank, task, { loss: "squared" }, run);
    const [played] = episodes.episodes?.() ?? [];
    const boards = played && { goals: blockEpisodeGoals(played), frames: blockEpisodeBoards(played) };
    return { ...view, withoutTargets: true, graph: episodes.readGraphs?.()[0], boards };
  }
  return viewOf(network, task.sampleBatch(random, { batchSize: 1 }), task, task, run);
}

/** The source of a sequence to look at. */
export function randomOf(seed: number): Random {
  return createRandom(FIRST_SEED + seed);
}

/** Runs a network over a batch of one sequence; by default the memory is traced. */
export async function viewOf(
  network: Dnc | LstmNetwork,
  batch: Batch,
  task: AnyTask,
  reading: OutputOptions,
  run: RunOptions = {},
): Promise<SequenceView> {
  checkSize(network, batch);
  const { quantities, logits } = await quantitiesOf(network, batch, reading, run);
  const output = () => predictedOutputs(reading, logits, batch.mask);
  const graph = (task as Partial<GraphTask>).readGraph?.(batch, { output: output() });
  return {
    title: `${sentenceCase(task.name)}: a sequence of ${batch.timeSteps} time steps`,
    trace: { quantities },
    labels: task.channelLabels?.(),
    phases: phasesOf(task as Parameters<typeof phasesOf>[0], batch),
    stepLabels: graph && graphStepLabels(graph, batch),
    reading: reading.loss === "softmax" ? "symbols" : reading.loss === "squared" ? "numbers" : "bits",
    groupSizes: reading.groupSizes,
    graph,
  };
}

async function quantitiesOf(
  network: Dnc | LstmNetwork,
  batch: Batch,
  reading: OutputOptions,
  { erased, traced = true }: RunOptions,
): Promise<{ readonly quantities: Record<string, Quantity>; readonly logits: Float32Array }> {
  const hasMemory = network.config.memory !== false;
  const run = await runSequence(network, batch, { erased, traced: traced && hasMemory });
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  const sized = (data: Float32Array) => ({
    shape: [timeSteps, batchSize, data.length / (timeSteps * batchSize)],
    data: data.slice(),
  });
  const quantities = {
    observations: sized(inputs),
    target: sized(targets),
    mask: { shape: [timeSteps, batchSize], data: mask.slice() },
    output: sized(probabilities(run.logits, timeSteps * batchSize, reading)),
    ...run.traced,
  };
  return { quantities, logits: run.logits };
}

/** The probabilities of bits, or of the symbols of each group; for numbers the outputs themselves. */
function probabilities(logits: Float32Array, rows: number, { loss, groupSizes }: OutputOptions): Float32Array {
  if (loss === "squared") return logits;
  if (loss !== "softmax") return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const size = logits.length / rows;
  const sizes = groupSizes ?? [size];
  const shares = new Float32Array(logits.length);
  for (let row = 0, start = 0; row < rows; row++)
    for (const length of sizes) {
      const group = logits.subarray(start, start + length);
      const largest = group.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
      const powers = group.map((logit) => Math.exp(logit - largest));
      const sum = powers.reduce((total, power) => total + power, 0);
      shares.set(
        powers.map((power) => power / sum),
        start,
      );
      start += length;
    }
  return shares;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll("-", " ");
}
