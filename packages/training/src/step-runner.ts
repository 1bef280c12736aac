import type { Cell, NestedState } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import type { LossFunction } from "./loss-function.js";
import type { RmsProp } from "./rms-prop.js";
import { trainStep } from "./train-step.js";

/** Result of a training step, as far as the loop needs it. */
export type StepResult = {
  readonly loss: number;
  readonly globalNorm: number;
  readonly exactMatch?: number | undefined;
  readonly applied: boolean;
};

/** Runs training steps for the loop; steps may run asynchronously. */
export type StepRunner = {
  /** What computes, in a few words. */
  readonly description: string;
  /** Runs or starts a step; returns the results of steps that have finished, in order. */
  step(batch: Batch): Promise<readonly StepResult[]>;
  /** Waits for the steps that were started; returns their results, in order. */
  flush(): Promise<readonly StepResult[]>;
  /** Brings the variables of network and optimizer up to date. */
  writeToVariables(): Promise<void>;
  dispose(): void;
};

/** Runs the definition of the network with TensorFlow.js ops, on any backend. */
export function definitionRunner<State extends NestedState, Bound>(parts: {
  readonly network: Cell<State, Bound>;
  readonly loss: LossFunction;
  readonly optimizer: RmsProp;
  readonly maxGradNorm: number;
}): StepRunner {
  return {
    description: "TensorFlow.js, op by op",
    step: async (batch) => [await trainStep(parts, batch)],
    flush: async () => [],
    writeToVariables: async () => {},
    dispose: () => {},
  };
}
