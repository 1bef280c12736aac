/** Training on the native engine. */
import { NativeTrainer, startThreads, whyUnavailable } from "@dnc/engine-native";
import { workloadParts } from "./subject.mjs";
import { TRAINER_OPTIONS } from "./workloads.mjs";

/** Whether the engine is built for this machine. */
export const hasNative = whyUnavailable() === undefined;

/**
 * @param {object} workload
 * @param {{ threads: number, instructionSet?: string }} options
 * @returns {import("./subject.mjs").Subject}
 */
export function nativeSubject(workload, { threads, instructionSet }) {
  const { core, batch, makeBatches } = workloadParts(workload);
  const training = new NativeTrainer(core, { ...TRAINER_OPTIONS, threads, instructionSet });
  return {
    step: (index) => training.step(batch(index)).loss,
    ready: () => startThreads(Math.min(threads, batch(0).batchSize)),
    makeBatches,
    instructionSet: training.instructionSet,
  };
}
