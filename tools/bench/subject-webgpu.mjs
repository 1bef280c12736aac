/** Training in the fused WebGPU engine. */
import { WebGpuTrainer } from "@dnc/engine-webgpu";
import { arraysOf, workloadParts } from "./subject.mjs";
import { BATCHES, TRAINER_OPTIONS } from "./workloads.mjs";

/**
 * @param {object} workload
 * @returns {import("./subject.mjs").Subject}
 */
export function webGpuSubject(workload) {
  const { core, batch, makeBatches } = workloadParts(workload);
  const training = new WebGpuTrainer(core, TRAINER_OPTIONS);
  const arrays = [];
  const plain = (index) => {
    arrays[index % BATCHES] ??= arraysOf(batch(index));
    return arrays[index % BATCHES];
  };
  return {
    step: async (index) => {
      training.step(plain(index));
      const found = await training.flush();
      return found.at(-1).loss;
    },
    queue: (index) => training.step(plain(index)),
    finish: async () => {
      await training.flush();
    },
    ready: async () => 1,
    makeBatches: () => {
      makeBatches();
      for (let index = 0; index < BATCHES; index++) plain(index);
    },
    instructionSet: null,
  };
}
