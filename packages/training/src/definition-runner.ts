import type { NestedState } from "@dnc/core";
import type { StepRunner } from "./step-runner.js";
import { type Trainable, trainStep } from "./train-step.js";

/**
 * Runs training steps with TensorFlow.js ops, on any backend.
 *
 * @param parts - Parts of the training step, as for `trainStep`.
 * @param reason - Why no engine trains.
 */
export function definitionRunner<State extends NestedState, Prepared>(
  parts: Trainable<State, Prepared>,
  reason?: string,
): StepRunner {
  return {
    description: `TensorFlow.js ops${reason === undefined ? "" : ` (${reason})`}`,
    setLearningRate: (learningRate) => {
      parts.optimizer.learningRate = learningRate;
    },
    step: async (batch) => [await trainStep(parts, batch)],
    flush: async () => [],
    writeToVariables: async () => {},
    dispose: () => {},
  };
}
