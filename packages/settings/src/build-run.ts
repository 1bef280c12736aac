import { type Dnc, type LstmNetwork, unroll } from "@dnc/core";
import { createRandom, isEpisodeTask } from "@dnc/tasks";
import {
  createOptimizer,
  createTraining,
  type LearningRateSchedule,
  lessons,
  type Optimizer,
  type Training,
  type TrainingState,
  type ValueTraining,
} from "@dnc/training";
import * as tf from "@tensorflow/tfjs-core";
import type { NetworkConfig, RunConfig } from "./configs.js";
import { createNetwork, createTask } from "./model/create-network.js";
import { learningRateSchedule } from "./model/learning-rate.js";
import { checkSizesForOps } from "./model/sizes.js";
import { withSizeErrors } from "./model/with-size-errors.js";
import type { CompleteTask } from "./task/task-source.js";

/** Task, network, optimizer and training of a run. */
export interface RunParts {
  /** The run's own task, which its lessons lead to. */
  readonly task: CompleteTask;
  /** The network that is trained. */
  readonly network: Dnc | LstmNetwork;
  /** Optimizer of `network.variables`. */
  readonly optimizer: Optimizer;
  /** The value network and its optimizer; undefined if the task needs none. */
  readonly value: ValueTraining | undefined;
  /** The training, at the state that was restored. */
  readonly training: Training;
  /** Frees network, optimizers and training. */
  dispose(): void;
}

/** Options of `buildRun`. */
export interface BuildOptions {
  /** Seed of the weights and of the training data, an integer of at least 0. */
  readonly seed: number;
  /**
   * Assigns saved numbers to the new variables; default: none, and the run is new.
   *
   * @param parts - network, optimizer and value network of the run.
   * @returns the state of the training; undefined for that of a new one.
   */
  readonly restore?:
    | ((parts: Pick<RunParts, "network" | "optimizer" | "value">) => TrainingState | undefined)
    | undefined;
  /** Learning rate by iteration, for a rate that changes while the run trains; default: that of the configuration. */
  readonly learningRate?: LearningRateSchedule | undefined;
  /** Memory of the machine in bytes; default: not known, and nothing is too large for it. */
  readonly memory?: number | undefined;
  /** Whether to use an engine if one supports the network; default: true. */
  readonly engine?: boolean | undefined;
}

/**
 * Creates task, network, optimizer and training of a run, and allocates their memory, before any file is written. It trains on the
 * current backend, with the engine that is registered for it.
 *
 * @param config - configuration of the run, as `runConfigOf` returns it, with the lessons of `loadLessons`.
 * @param options - `seed`, and what is restored.
 * @returns the parts; the caller disposes them.
 * @throws UsageError (as a rejection) if the memory is not sufficient; what `restore` throws.
 */
export async function buildRun(
  config: RunConfig,
  { seed, restore, learningRate = learningRateSchedule(config.training), memory, engine }: BuildOptions,
): Promise<RunParts> {
  const disposables: { dispose(): void }[] = [];
  const dispose = () => {
    for (const each of disposables.splice(0).reverse()) each.dispose();
  };
  try {
    return await withSizeErrors(async () => {
      const { iterations, maxGradNorm } = config.training;
      const { reportInterval, checkpointInterval } = config.recording;
      const task = await createTask(config.task);
      const network = createNetwork(config.network, task, seed);
      disposables.push(network);
      const optimizer = createOptimizer(config.training.optimizer, network.variables);
      disposables.push(optimizer);
      const value = createValue(config, task, seed);
      disposables.push(...(value ? [value.network, value.optimizer] : []));
      const state = restore?.({ network, optimizer, value });
      const lessonTasks = await Promise.all((config.lessons?.tasks ?? []).map(createTask));
      const curriculum = config.lessons && lessons({ ...config.lessons.options, lessons: lessonTasks });
      const training = await createTraining({
        ...{ network, task: curriculum ?? task },
        ...{ optimizer, value, iterations, maxGradNorm, reportInterval, engine },
        ...(checkpointInterval > 0 ? { checkpointInterval } : {}),
        ...{ random: createRandom(seed), state, learningRate },
      });
      disposables.push(training);
      for (const each of [task, ...lessonTasks]) {
        reserveMemory(config.network, each, { network, training, memory });
        // Checks that there is memory for a batch, with another generator than the run's.
        if (isEpisodeTask(each)) each.startEpisodes(createRandom(seed));
        else each.sampleBatch(createRandom(seed));
      }
      return { task, network, optimizer, value, training, dispose };
    });
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Creates the value network that a task needs, of the same sizes as the network and with other initial weights. */
function createValue(config: RunConfig, task: CompleteTask, seed: number) {
  if (!isEpisodeTask(task) || !task.valueNetwork) return undefined;
  const network = createNetwork(config.network, { inputSize: task.inputSize, targetSize: 1 }, valueSeed(seed));
  return { network, optimizer: createOptimizer(config.training.optimizer, network.variables) };
}

/** Computes the seed of the value network's weights: that of no neighbouring run. */
function valueSeed(seed: number): number {
  return Math.imul(seed + 1, 0x9e3779b1) & 0x7fffffff;
}

function reserveMemory(
  config: NetworkConfig,
  task: CompleteTask,
  {
    network,
    training: { trainer },
    memory,
  }: Pick<RunParts, "network" | "training"> & { readonly memory: number | undefined },
): void {
  if (!trainer) {
    checkSizesForOps(config, task, memory);
    return;
  }
  const { maxTimeSteps: timeSteps, batchSize } = task;
  trainer.reserve(timeSteps, batchSize);
  // Samples and checkpoints run the network too, in additional memory: if that is not available, fail now.
  tf.dispose(tf.tidy(() => unroll(network, tf.zeros([timeSteps, batchSize, network.config.inputSize]))));
}
