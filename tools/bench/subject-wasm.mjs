/** Training in the fused WebAssembly engine. */
import { setTimeout } from "node:timers/promises";
import { FusedTraining } from "@dnc/engine-wasm";
// Not for users, hence by its place: how many threads are ready.
import { getEngine } from "../../packages/engine-wasm/dist/engine.js";
import { arraysOf, workloadParts } from "./subject.mjs";
import { BATCHES, TRAINING } from "./workloads.mjs";

/** Milliseconds after which a worker that is not ready is done without. */
const PATIENCE = 20_000;

/**
 * @param {object} workload
 * @param {{ threads: number, instructionSet?: string }} options
 * @returns {import("./subject.mjs").Subject}
 */
export function wasmSubject(workload, { threads, instructionSet }) {
  const { core, batch, makeBatches } = workloadParts(workload);
  const training = new FusedTraining(core, { ...TRAINING, threads, instructionSet });
  const arrays = [];
  const plain = (index) => {
    arrays[index % BATCHES] ??= arraysOf(batch(index));
    return arrays[index % BATCHES];
  };
  return {
    step: (index) => training.step(plain(index)).loss,
    ready: () => threadsReady(getEngine(instructionSet).threads, Math.min(threads, batch(0).batchSize)),
    makeBatches: () => {
      makeBatches();
      for (let index = 0; index < BATCHES; index++) plain(index);
    },
    instructionSet: training.instructionSet,
  };
}

async function threadsReady(threads, wanted) {
  const end = performance.now() + PATIENCE;
  while (threads.ready(wanted) < wanted && performance.now() < end) await setTimeout(5);
  return threads.ready(wanted);
}
