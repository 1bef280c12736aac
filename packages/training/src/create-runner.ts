import type { NestedState, RecurrentCell } from "@dnc/core";
import { findEngine, supportsCore, type TrainableCore, type TrainerOptions } from "@dnc/core/engine";
import type { TaskLoss } from "@dnc/tasks";
import { definitionRunner } from "./definition-runner.js";
import { engineRunner } from "./engine-runner.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import { type LossFunction, lossFunction } from "./loss-function.js";
import type { RmsProp } from "./rms-prop.js";
import type { StepRunner } from "./step-runner.js";

/** What is trained, and how. */
export type RunnerOptions<State extends NestedState, Prepared> = {
  readonly network: RecurrentCell<State, Prepared>;
  /** The task's loss. */
  readonly taskLoss: TaskLoss;
  /** A loss in its place. */
  readonly loss: LossFunction | undefined;
  readonly optimizer: RmsProp;
  readonly learningRate: LearningRateSchedule | undefined;
  readonly maxGradNorm: number;
  /** Whether an engine may train. */
  readonly engine: boolean;
};

/**
 * Creates what runs the training steps: the trainer of the current backend's engine if that supports the network, the loss and
 * the optimizer, else the definition.
 */
export async function createRunner<State extends NestedState, Prepared>(
  options: RunnerOptions<State, Prepared>,
): Promise<StepRunner> {
  const { network, taskLoss, loss = lossFunction(taskLoss), optimizer, maxGradNorm } = options;
  if (!options.engine) return definitionRunner({ network, loss, optimizer, maxGradNorm });
  const engine = findEngine();
  const training: TrainerOptions = { optimizer: optimizer.options, maxGradNorm, loss: taskLoss.loss };
  const reason = engine === undefined ? "no engine for this backend" : whyNoTrainer(options);
  if (engine === undefined || reason !== undefined)
    return definitionRunner({ network, loss, optimizer, maxGradNorm }, reason);
  const core = network as unknown as TrainableCore;
  const supported = supportsCore(engine, core, training);
  if (supported !== true) return definitionRunner({ network, loss, optimizer, maxGradNorm }, supported);
  return engineRunner(engine.createTrainer(core, training), optimizer);
}

/** What no engine does, whatever the network; undefined if it is for the engine to say. */
function whyNoTrainer<State extends NestedState, Prepared>({
  network,
  taskLoss,
  loss,
  learningRate,
}: RunnerOptions<State, Prepared>): string | undefined {
  if (!("config" in network)) return "network: expected a Dnc, got a cell without a config";
  if (loss !== undefined) return "loss: expected the task's, got a function";
  if (taskLoss.timeAverage || taskLoss.logProbInBits) return "loss: expected the sum over time in nats";
  if (learningRate !== undefined) return "learningRate: expected the optimizer's, got a schedule";
  return undefined;
}
