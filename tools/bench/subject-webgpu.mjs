/** Training on the WebGPU engine. */
import { WebGpuTrainer } from "@dnc/engine-webgpu";
import { workloadParts } from "./subject.mjs";
import { TRAINER_OPTIONS } from "./workloads.mjs";

/**
 * @param {object} workload
 * @returns {import("./subject.mjs").Subject}
 */
export function webGpuSubject(workload) {
  const { core, batch, makeBatches } = workloadParts(workload);
  const training = new WebGpuTrainer(core, TRAINER_OPTIONS);
  return {
    step: async (index) => {
      training.step(batch(index));
      const found = await training.flush();
      return found.at(-1).loss;
    },
    queue: (index) => training.step(batch(index)),
    finish: async () => {
      await training.flush();
    },
    ready: async () => 1,
    makeBatches,
    instructionSet: null,
  };
}
