/** Training with TensorFlow.js ops, one after the other: the engine is not imported, so the fused kernel is not there. */
import { RmsProp, trainStep } from "@dnc/trainer";
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
  const trainable = { core, task, optimizer, maxGradNorm: TRAINING.maxGradNorm };
  return {
    step: async (index) => {
      const { loss, logits } = await trainStep(trainable, batch(index));
      logits.dispose();
      return loss;
    },
    ready: async () => 1,
    makeBatches,
    instructionSet: null,
  };
}
