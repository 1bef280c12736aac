import type { NestedState, RecurrentCell } from "@dnc/core";
import { findEngines, missingEngine, supportsCore, type TrainableCore, type TrainerOptions } from "@dnc/core/engine";
import type { OutputOptions } from "@dnc/tasks";
import type { CarriedState } from "./carried-state.js";
import { definitionRunner } from "./definition-runner.js";
import { engineRunner } from "./engine-runner.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import { type LossFunction, lossFunction, type TrainedLoss } from "./loss-function.js";
import type { Optimizer } from "./optimizer.js";
import type { StepRunner, ValueRunner } from "./step-runner.js";
import type { ValueTraining } from "./value-training.js";

/** Parts of a training step, and which implementation may run it. */
export type RunnerOptions<State extends NestedState, Prepared> = {
  readonly network: RecurrentCell<State, Prepared>;
  /** The task's loss. */
  readonly taskLoss: TrainedLoss;
  /** A custom loss that replaces it. */
  readonly loss: LossFunction | undefined;
  readonly optimizer: Optimizer;
  readonly learningRate: LearningRateSchedule | undefined;
  readonly maxGradNorm: number;
  /** Whether each batch starts from the final state of the batch before. */
  readonly carryState: boolean;
  /** The state from which the first batch starts; undefined: the initial state. */
  readonly carriedState: CarriedState | undefined;
  /** Whether to use an engine's trainer if possible. */
  readonly engine: boolean;
};

/**
 * Creates the runner of the training steps: the trainer of the current backend's engine, if it has one and supports
 * network, loss and optimizer; otherwise TensorFlow.js ops, whose `unroll` may run as an engine's op.
 */
export async function createRunner<State extends NestedState, Prepared>(
  options: RunnerOptions<State, Prepared>,
): Promise<StepRunner> {
  const {
    network,
    taskLoss,
    loss = lossFunction(taskLoss),
    optimizer,
    maxGradNorm,
    carryState,
    carriedState,
  } = options;
  const metric = metricOf(taskLoss);
  const parts = { network, loss, optimizer, maxGradNorm, metric };
  const byDefinition = (reason?: string) => definitionRunner(parts, { reason, carryState, carriedState });
  if (!options.engine) return byDefinition();
  const engines = findEngines();
  const reason = whyNoTrainer(options);
  if (engines.length === 0) return byDefinition(reason ?? missingEngine());
  const engine = engines.find((engine) => "createTrainer" in engine);
  if (engine === undefined) return byDefinition();
  if (reason !== undefined) return byDefinition(reason);
  const core = network as unknown as TrainableCore;
  const training = trainerOptions(options);
  const supported = supportsCore(engine, core, training);
  if (supported !== true) return byDefinition(supported);
  const trainer = engine.createTrainer(core, training);
  if (options.learningRate === undefined || trainer.setLearningRate !== undefined)
    return engineRunner(trainer, { network, optimizer, metric, carriedState });
  trainer.dispose();
  return byDefinition(`learningRate: engine ${engine.name} cannot change it`);
}

/** Creates the runner that trains a value network, with the squared error of its output. */
export async function createValueRunner(
  { network, optimizer }: ValueTraining,
  options: Pick<RunnerOptions<NestedState, unknown>, "learningRate" | "maxGradNorm" | "engine">,
): Promise<ValueRunner> {
  const taskLoss = { loss: "squared", timeAverage: false, logProbInBits: false } as const;
  const carried = { carryState: false, carriedState: undefined };
  const runner = await createRunner({ network, optimizer, taskLoss, loss: undefined, ...carried, ...options });
  return { runner, network };
}

/** How exact matches are counted. Of the loss `linear` nothing is right or wrong; whoever computed it knows better. */
function metricOf({ loss, groupSizes }: TrainedLoss): OutputOptions {
  return loss === "linear" ? {} : { loss, groupSizes };
}

/** Options of an engine's trainer; options that are at their default are left out, for engines that do not know them. */
function trainerOptions<State extends NestedState, Prepared>({
  taskLoss: { loss, groupSizes },
  optimizer,
  maxGradNorm,
  carryState,
}: RunnerOptions<State, Prepared>): TrainerOptions {
  const groups = groupSizes === undefined ? {} : { groupSizes };
  return { optimizer: optimizer.options, maxGradNorm, loss, ...groups, ...(carryState ? { carryState } : {}) };
}

/** Finds the reason why no engine can train with these options; undefined if that depends on the engine. */
function whyNoTrainer<State extends NestedState, Prepared>({
  network,
  taskLoss,
  loss,
}: RunnerOptions<State, Prepared>): string | undefined {
  if (!("config" in network)) return "network: expected a Dnc, got a cell without a config";
  if (loss !== undefined) return "loss: expected the task's, got a function";
  if (taskLoss.timeAverage || taskLoss.logProbInBits) return "loss: expected the sum over time in nats";
  return undefined;
}
