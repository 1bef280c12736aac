/** Training with TensorFlow.js ops, without an engine with custom kernels. */
import "@dnc/engine-tfjs";
import { lossFunction, RmsProp, trainStep } from "@dnc/training";
import { withoutKernels } from "../parity/engine.mjs";
import { workloadParts } from "./subject.mjs";
import { TRAINING } from "./workloads.mjs";

/**
 * @param {object} workload
 * @returns {import("./subject.mjs").Subject}
 */
export function opsSubject(workload) {
  const { core, task, batch, makeBatches } = workloadParts(workload);
  withoutKernels();
  const optimizer = new RmsProp(core.variables, { learningRate: TRAINING.learningRate });
  const trainable = { network: core, loss: lossFunction(task), optimizer, maxGradNorm: TRAINING.maxGradNorm };
  return {
    step: async (index) => (await trainStep(trainable, batch(index))).loss,
    ready: async () => 1,
    makeBatches,
    instructionSet: null,
  };
}
