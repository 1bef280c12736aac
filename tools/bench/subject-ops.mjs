/** Training with TensorFlow.js ops: no engine with its own kernels is imported. */
import "@dnc/engine-tfjs";
import { lossFunction, RmsProp, trainStep } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { workloadParts } from "./subject.mjs";
import { TRAINING } from "./workloads.mjs";

/**
 * @param {object} workload
 * @returns {import("./subject.mjs").Subject}
 */
export function opsSubject(workload) {
  const { core, task, batch, makeBatches } = workloadParts(workload);
  if (tf.getKernel("DncUnroll", tf.getBackend())) throw new Error("the fused kernel is registered: these are not ops");
  const optimizer = new RmsProp(core.variables, { learningRate: TRAINING.learningRate });
  const trainable = { network: core, loss: lossFunction(task), optimizer, maxGradNorm: TRAINING.maxGradNorm };
  return {
    step: async (index) => (await trainStep(trainable, batch(index))).loss,
    ready: async () => 1,
    makeBatches,
    instructionSet: null,
  };
}
