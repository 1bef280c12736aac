import { type Dnc, type LstmNetwork, unroll } from "@dnc/core";
import type { SavedRun } from "@dnc/runs";
import { createRandom, isEpisodeTask } from "@dnc/tasks";
import { createOptimizer, createTraining, lessons, type Optimizer, type Training } from "@dnc/training";
import type { NetworkConfig, RunConfig } from "../configs.js";
import { createNetwork, createTask } from "../model/create-network.js";
import { checkSizesForOps } from "../model/sizes.js";
import { withSizeErrors } from "../model/with-size-errors.js";
import type { CompleteTask } from "../task/task-source.js";
import { tf } from "../tensorflow.js";
import { learningRateSchedule } from "./learning-rate.js";

/** Task, network, optimizer and training of a run. */
export interface RunParts {
  readonly task: CompleteTask;
  readonly network: Dnc | LstmNetwork;
  /** Optimizer of `network.variables`. */
  readonly optimizer: Optimizer;
  readonly training: Training;
  dispose(): void;
}

/** Options of `buildRun`. */
interface BuildOptions {
  readonly seed: number;
  /** The run to resume; undefined: a new run. */
  readonly saved?: SavedRun | undefined;
  /** Whether to use an engine if one supports the network; default: true. */
  readonly engine?: boolean | undefined;
}

/**
 * Creates task, network, optimizer and training of a run, and allocates their memory, before any file is written.
 *
 * @throws UsageError if the memory is not sufficient; RunFolderError if the checkpoint does not fit the configuration.
 */
export async function buildRun(config: RunConfig, { seed, saved, engine }: BuildOptions): Promise<RunParts> {
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
      const state = saved?.restore({ network, optimizer, value });
      const lessonTasks = await Promise.all((config.lessons?.tasks ?? []).map(createTask));
      const curriculum = config.lessons && lessons({ ...config.lessons.options, lessons: lessonTasks });
      const training = await createTraining({
        ...{ network, task: curriculum ?? task },
        ...{ optimizer, value, iterations, maxGradNorm, reportInterval, engine },
        ...(checkpointInterval > 0 ? { checkpointInterval } : {}),
        ...{ random: createRandom(seed), state, learningRate: learningRateSchedule(config.training) },
      });
      disposables.push(training);
      for (const each of [task, ...lessonTasks]) {
        reserveMemory(config.network, each, network, training);
        // Checks that there is memory for a batch, with another generator than the run's.
        if (isEpisodeTask(each)) each.startEpisodes(createRandom(seed));
        else each.sampleBatch(createRandom(seed));
      }
      return { task, network, optimizer, training, dispose };
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
  network: Dnc | LstmNetwork,
  { trainer }: Training,
): void {
  if (!trainer) {
    checkSizesForOps(config, task);
    return;
  }
  const { maxTimeSteps: timeSteps, batchSize } = task;
  trainer.reserve(timeSteps, batchSize);
  // Samples and checkpoints run the network too, in additional memory: if that is not available, fail now.
  tf.dispose(tf.tidy(() => unroll(network, tf.zeros([timeSteps, batchSize, network.config.inputSize]))));
}
