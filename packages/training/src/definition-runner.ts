import type { NestedState } from "@dnc/core";
import { checkNewSequences, checkRunSteps } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { batchSizeOf, type CarriedState, createState, readState } from "./carried-state.js";
import type { StepRunner } from "./step-runner.js";
import { type Trainable, trainStep } from "./train-step.js";

/** What a runner does beyond single steps. */
export type DefinitionOptions = {
  /** Why no engine trains. */
  readonly reason?: string | undefined;
  /** Whether each batch starts from the final state of the batch before. */
  readonly carryState?: boolean | undefined;
  /** The state from which the first batch starts; default: the initial state. */
  readonly carriedState?: CarriedState | undefined;
};

/**
 * Runs training steps with TensorFlow.js ops, on any backend.
 *
 * @param parts - Parts of the training step, as for `trainStep`.
 * @param options - Why no engine trains, and whether the state is carried.
 */
export function definitionRunner<State extends NestedState, Prepared>(
  parts: Trainable<State, Prepared>,
  { reason, carryState = false, carriedState }: DefinitionOptions = {},
): StepRunner {
  let carried = carriedState && {
    state: createState(parts.network, carriedState),
    batchSize: batchSizeOf(carriedState),
  };
  let saved = carriedState;
  return {
    description: `TensorFlow.js ops${reason === undefined ? "" : ` (${reason})`}`,
    setLearningRate: (learningRate) => {
      parts.optimizer.learningRate = learningRate;
    },
    step: async (batch) => {
      checkRunSteps(batch);
      checkNewSequences(batch, { carryState, carriedBatchSize: carried?.batchSize });
      const state = batch.newSequences ? undefined : carried?.state;
      const { finalState, ...result } = await trainStep(parts, batch, { state, finalState: carryState });
      if (finalState === undefined) return [result];
      if (!result.applied) tf.dispose(finalState);
      else {
        tf.dispose(carried?.state ?? []);
        carried = { state: finalState, batchSize: batch.batchSize };
      }
      return [result];
    },
    flush: async () => [],
    get carriedState() {
      return saved;
    },
    writeToVariables: async () => {
      if (carried) saved = await readState(carried.state);
    },
    dispose: () => {
      tf.dispose(carried?.state ?? []);
      carried = undefined;
    },
  };
}
