import type { NestedState, RecurrentCell } from "@dnc/core";
import type { Trainer, TrainStepResult } from "@dnc/core/engine";
import { type Batch, exactMatch, type OutputOptions } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { type CarriedState, fromEngineState, toEngineState } from "./carried-state.js";
import type { Optimizer } from "./optimizer.js";
import type { StepRunner } from "./step-runner.js";

/** What a trainer is synchronized with. */
export type EngineRunnerParts = {
  /** The network, for the shapes of its state. */
  readonly network: Pick<RecurrentCell<NestedState>, "initialState">;
  /** Optimizer of the network's variables. */
  readonly optimizer: Optimizer;
  /** How exact matches are counted, where the engine does not: a task, or its loss and group sizes. */
  readonly metric: OutputOptions;
  /** The state from which the first batch starts; undefined: the initial state. */
  readonly carriedState?: CarriedState | undefined;
};

/**
 * Runs training steps on an engine, and synchronizes the optimizer's variables and the carried state with it.
 *
 * @param trainer - A new trainer; the runner disposes it.
 * @param parts - What it is synchronized with.
 */
export async function engineRunner(
  trainer: Trainer,
  { network, optimizer, metric, carriedState }: EngineRunnerParts,
): Promise<StepRunner> {
  await readOptimizer(trainer, optimizer);
  if (carriedState !== undefined) trainer.carriedState = toEngineState(network, carriedState);
  await trainer.readFromVariables();
  return {
    description: trainer.description,
    trainer,
    setLearningRate: (learningRate) => {
      optimizer.learningRate = learningRate;
      trainer.setLearningRate?.(learningRate);
    },
    step: async (batch) => {
      const result = trainer.step(batch);
      return result === undefined ? [] : [withExactMatch(result, trainer, batch, metric)];
    },
    flush: () => trainer.flush(),
    get carriedState() {
      return trainer.carriedState === undefined ? undefined : fromEngineState(network, trainer.carriedState);
    },
    writeToVariables: async () => {
      await trainer.writeToVariables();
      writeOptimizer(trainer, optimizer);
    },
    dispose: () => trainer.dispose(),
  };
}

function withExactMatch(
  result: TrainStepResult,
  trainer: Trainer,
  batch: Batch,
  metric: OutputOptions,
): TrainStepResult {
  const logits = result.exactMatch === undefined && trainer.logits?.(batch.timeSteps, batch.batchSize);
  if (!logits) return result;
  return { ...result, exactMatch: exactMatch(logits, batch, metric).reduce((sum, value) => sum + value, 0) };
}

/** Copies the optimizer's variables to the trainer's state. */
async function readOptimizer(trainer: Trainer, optimizer: Optimizer): Promise<void> {
  for (const [quantity, variables] of Object.entries(optimizer.state)) {
    const state = stateOf(trainer, quantity);
    let at = 0;
    for (const { variable } of variables) {
      state.set(await variable.data<"float32">(), at);
      at += variable.size;
    }
  }
}

/** Copies the trainer's state to the optimizer's variables. */
function writeOptimizer(trainer: Trainer, optimizer: Optimizer): void {
  for (const [quantity, variables] of Object.entries(optimizer.state)) {
    const state = stateOf(trainer, quantity);
    let at = 0;
    for (const { variable } of variables) {
      const values = state.slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      at += variable.size;
    }
  }
}

function stateOf({ optimizerState }: Trainer, quantity: string): Float32Array {
  const state = (optimizerState as Readonly<Record<string, Float32Array | undefined>>)[quantity];
  if (state === undefined) throw new TypeError(`trainer.optimizerState: expected ${quantity}, got none`);
  return state;
}
