/** Graphs of new sequences with a network's answers, for the page of a run. */
import type { Dnc, LstmNetwork } from "@dnc/core";
import { type SequenceGraph, sequenceGraph } from "@dnc/report";
import type { CompleteTask } from "@dnc/settings";
import {
  type Episodes,
  type GraphSequence,
  isEpisodeTask,
  type PathEpisodes,
  predictedOutputs,
  type Random,
} from "@dnc/tasks";
import { predict, rollOut } from "@dnc/training";

/** Number of pictures, and of sequences that give at least that many queries. */
const PICTURES = 4;

/**
 * Asks a network about the graphs of new sequences.
 *
 * @returns a few graphs with its answers; undefined for a task without graphs.
 */
export async function graphPictures(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  random: Random,
): Promise<readonly SequenceGraph[] | undefined> {
  const all = await answeredGraphs(network, task, random);
  return all?.flatMap((graph) => graph.queries.map((query) => sequenceGraph(graph, query))).slice(0, PICTURES);
}

async function answeredGraphs(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  random: Random,
): Promise<readonly GraphSequence[] | undefined> {
  if (isEpisodeTask(task)) {
    const episodes: Episodes & Partial<PathEpisodes> = task.startEpisodes(random, { batchSize: PICTURES });
    if (episodes.readGraphs === undefined) return undefined;
    await rollOut(network, episodes);
    return episodes.readGraphs();
  }
  const { readGraph } = task;
  if (readGraph === undefined) return undefined;
  const batch = task.sampleBatch(random, { batchSize: PICTURES });
  const output = predictedOutputs(task, await predict(network, batch), batch.mask);
  return Array.from({ length: PICTURES }, (_, sequence) => readGraph(batch, { sequence, output }));
}
