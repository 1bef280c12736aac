import type { NestedState, RecurrentCell } from "@dnc/core";
import { findEngines, missingEngine, supportsCore, type TrainableCore, type TrainerOptions } from "@dnc/core/engine";
import type { TaskLoss } from "@dnc/tasks";
import { definitionRunner } from "./definition-runner.js";
import { engineRunner } from "./engine-runner.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import { type LossFunction, lossFunction } from "./loss-function.js";
import type { Optimizer } from "./optimizer.js";
import type { StepRunner } from "./step-runner.js";

/** Parts of a training step, and which implementation may run it. */
export type RunnerOptions<State extends NestedState, Prepared> = {
  readonly network: RecurrentCell<State, Prepared>;
  /** The task's loss. */
  readonly taskLoss: TaskLoss;
  /** A custom loss that replaces it. */
  readonly loss: LossFunction | undefined;
  readonly optimizer: Optimizer;
  readonly learningRate: LearningRateSchedule | undefined;
  readonly maxGradNorm: number;
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
  const { network, taskLoss, loss = lossFunction(taskLoss), optimizer, maxGradNorm } = options;
  const byDefinition = (reason?: string) =>
    definitionRunner({ network, loss, optimizer, maxGradNorm, metric: taskLoss }, reason);
  if (!options.engine) return byDefinition();
  const engines = findEngines();
  const reason = whyNoTrainer(options);
  if (engines.length === 0) return byDefinition(reason ?? missingEngine());
  const engine = engines.find((engine) => "createTrainer" in engine);
  if (engine === undefined) return byDefinition();
  if (reason !== undefined) return byDefinition(reason);
  const core = network as unknown as TrainableCore;
  const { groupSizes } = taskLoss;
  const training: TrainerOptions = { optimizer: optimizer.options, maxGradNorm, loss: taskLoss.loss, groupSizes };
  const supported = supportsCore(engine, core, training);
  if (supported !== true) return byDefinition(supported);
  const trainer = engine.createTrainer(core, training);
  if (options.learningRate === undefined || trainer.setLearningRate !== undefined)
    return engineRunner(trainer, optimizer, taskLoss);
  trainer.dispose();
  return byDefinition(`learningRate: engine ${engine.name} cannot change it`);
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
