/** Training in the fused WebGPU engine. */
import { FusedTraining } from "@dnc/engine-webgpu";
import { arraysOf, workloadParts } from "./subject.mjs";
import { BATCHES, TRAINING } from "./workloads.mjs";

/**
 * @param {object} workload
 * @returns {import("./subject.mjs").Subject}
 */
export function webGpuSubject(workload) {
  const { core, batch, makeBatches } = workloadParts(workload);
  const training = new FusedTraining(core, TRAINING);
  const arrays = [];
  const plain = (index) => {
    arrays[index % BATCHES] ??= arraysOf(batch(index));
    return arrays[index % BATCHES];
  };
  return {
    step: async (index) => {
      training.step(plain(index));
      const found = await training.results();
      return found.at(-1).loss;
    },
    queue: (index) => training.step(plain(index)),
    finish: async () => {
      await training.results();
    },
    ready: async () => 1,
    makeBatches: () => {
      makeBatches();
      for (let index = 0; index < BATCHES; index++) plain(index);
    },
    instructionSet: null,
  };
}
