import type { Dnc, LstmNetwork } from "@dnc/core";
import type { CompleteTask } from "@dnc/settings";
import { type Batch, isEpisodeTask, type OutputOptions, type Random } from "@dnc/tasks";
import { rollOut } from "@dnc/training";

/** A sequence of a task, and how the network's outputs are read: as probabilities, or as numbers. */
interface Sequence {
  readonly batch: Batch;
  readonly reading: OutputOptions;
}

/** Samples a batch of sequences; those of episodes come to be by the network's outputs, and have no targets. */
export async function sequenceOf(network: Dnc | LstmNetwork, task: CompleteTask, random: Random): Promise<Sequence> {
  if (!isEpisodeTask(task)) return { batch: task.sampleBatch(random), reading: task };
  const { batch } = await rollOut(network, task.startEpisodes(random));
  return { batch: { ...batch, targets: new Float32Array(batch.targets.length) }, reading: { loss: "squared" } };
}
