/**
 * What is timed: a network, its training, and the batches.
 *
 * @typedef {object} Subject
 * @property {(index: number) => number | Promise<number>} step - does an iteration and returns its loss.
 * @property {() => Promise<number>} ready - waits for the threads that were asked for; returns how many there are.
 * @property {() => void} makeBatches - makes those after the first; a step makes what it needs otherwise.
 * @property {string | null} instructionSet
 * @property {(index: number) => void} [queue] - begins an iteration without waiting for it, where that can be done.
 * @property {() => Promise<void>} [finish] - waits for all that were queued.
 */
import { Dnc } from "@dnc/core";
import { createRandom, repeatCopy } from "@dnc/tasks";
import { BATCHES, coreConfig, DATA_SEED, taskConfig } from "./workloads.mjs";

/** The network of a workload with its data. `batch` returns one of them, `makeBatches` makes all. */
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
