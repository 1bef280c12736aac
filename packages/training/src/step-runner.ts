import type { NestedState, RecurrentCell } from "@dnc/core";
import type { Trainer, TrainStepResult } from "@dnc/core/engine";
import type { Batch, EpisodeTask, Random } from "@dnc/tasks";
import type { CarriedState } from "./carried-state.js";

/** Runs training steps for the loop; steps may run asynchronously. */
export type StepRunner = {
  /** Short description of what trains. */
  readonly description: string;
  /** The engine's trainer; undefined if TensorFlow.js ops train. */
  readonly trainer?: Trainer | undefined;
  /** The state carried to the next batch, as of the last `writeToVariables`; undefined if none is. */
  readonly carriedState?: CarriedState | undefined;
  /** Sets the learning rate of the following steps. */
  setLearningRate(learningRate: number): void;
  /** Rolls out a batch of episodes, which the next `step` trains on; present if the runner is one of episodes. */
  readonly rollOut?: ((task: EpisodeTask, random: Random) => Promise<Batch>) | undefined;
  /** Runs or starts a step; returns the results of steps that have finished, in order. */
  step(batch: Batch): Promise<readonly TrainStepResult[]>;
  /** Waits for the steps that were started; returns their results, in order. */
  flush(): Promise<readonly TrainStepResult[]>;
  /** Updates the variables of network and optimizer. */
  writeToVariables(): Promise<void>;
  /** Frees the runner's memory. */
  dispose(): void;
};

/** What trains a value network. */
export type ValueRunner = {
  readonly runner: StepRunner;
  /** The network, as of the last `writeToVariables`. */
  readonly network: RecurrentCell<NestedState>;
};
