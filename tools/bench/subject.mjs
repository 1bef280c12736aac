/**
 * The subject of a measurement: a network, its training, and the batches.
 *
 * @typedef {object} Subject
 * @property {(index: number) => number | Promise<number>} step - runs an iteration and returns its loss.
 * @property {() => Promise<number>} ready - waits for the requested threads; returns the number of threads.
 * @property {() => void} makeBatches - samples all batches after the first; otherwise a step samples the batch that it
 *   needs.
 * @property {string | null} instructionSet
 * @property {(index: number) => void} [queue] - starts an iteration without waiting for it, if possible.
 * @property {() => Promise<void>} [finish] - waits for all queued iterations.
 */
import { Dnc } from "@dnc/core";
import { createRandom, repeatCopy } from "@dnc/tasks";
import { BATCHES, coreConfig, DATA_SEED, taskConfig } from "./workloads.mjs";

/** Creates the network of a workload with its data. `batch` returns a batch, `makeBatches` samples all. */
export function workloadParts(workload) {
  const core = new Dnc(coreConfig(workload));
  const task = repeatCopy(taskConfig(workload));
  const random = createRandom(DATA_SEED);
  const batches = [];
  const makeUpTo = (index) => {
    while (batches.length <= index) batches.push(task.sampleBatch(random));
  };
  const batch = (index) => {
    makeUpTo(index % BATCHES);
    return batches[index % BATCHES];
  };
  return { core, task, batch, makeBatches: () => makeUpTo(BATCHES - 1) };
}
