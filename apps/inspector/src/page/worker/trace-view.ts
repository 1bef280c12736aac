import type { Dnc, LstmNetwork } from "@dnc/core";
import { type AnyTask, type Batch, createRandom, isEpisodeTask, type OutputOptions, phasesOf } from "@dnc/tasks";
import { predict, rollOut, traceSequence } from "@dnc/training";
import type { SequenceView } from "../trace/sequence-view.js";
import type { Quantity } from "../trace/trace.js";

/** Seeds of sequences to look at begin here, as those of `dnc trace`: no training has drawn them. */
const FIRST_SEED = 2 ** 31;

/** Runs a network over a new sequence of a task. */
export async function traceView(network: Dnc | LstmNetwork, task: AnyTask, seed: number): Promise<SequenceView> {
  const random = createRandom(FIRST_SEED + seed);
  if (isEpisodeTask(task)) {
    const { batch } = await rollOut(network, task.startEpisodes(random, { batchSize: 1 }));
    const view = await viewOf(network, { ...batch, targets: new Float32Array(batch.targets.length) }, task, {
      loss: "squared",
    });
    return { ...view, withoutTargets: true };
  }
  return viewOf(network, task.sampleBatch(random, { batchSize: 1 }), task, task);
}

/** Runs a network over a batch of one sequence. */
export async function viewOf(
  network: Dnc | LstmNetwork,
  batch: Batch,
  task: AnyTask,
  reading: OutputOptions,
): Promise<SequenceView> {
  const quantities = await quantitiesOf(network, batch, reading);
  return {
    title: `${sentenceCase(task.name)}: a sequence of ${batch.timeSteps} time steps`,
    trace: { quantities },
    labels: task.channelLabels?.(),
    phases: phasesOf(task as Parameters<typeof phasesOf>[0], batch),
    reading: reading.loss === "softmax" ? "symbols" : reading.loss === "squared" ? "numbers" : "bits",
    groupSizes: reading.groupSizes,
  };
}

async function quantitiesOf(
  network: Dnc | LstmNetwork,
  batch: Batch,
  reading: OutputOptions,
): Promise<Record<string, Quantity>> {
  if (network.config.memory !== false) {
    const { quantities } = await traceSequence(network as Dnc, batch, reading);
    return Object.fromEntries(
      Object.entries(quantities).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
    );
  }
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  const output = await predict(network as LstmNetwork, batch);
  const sized = (data: Float32Array) => ({
    shape: [timeSteps, batchSize, data.length / (timeSteps * batchSize)],
    data: data.slice(),
  });
  const shown = reading.loss === "sigmoid" ? output.map((logit) => 1 / (1 + Math.exp(-logit))) : output;
  return {
    observations: sized(inputs),
    target: sized(targets),
    mask: { shape: [timeSteps, batchSize], data: mask.slice() },
    output: sized(shown),
  };
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll("-", " ");
}
