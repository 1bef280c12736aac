import { assignTensors } from "@dnc/checkpoint";
import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import { type Dnc, unroll } from "@dnc/core";
import { createRandom, type Task } from "@dnc/tasks";
import { createTraining, RmsProp, type Training } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import type { RunConfig } from "../configs.js";
import { createNetwork, createTask } from "../model/create-network.js";
import { checkSizesForOps } from "../model/sizes.js";
import { withSizeErrors } from "../model/with-size-errors.js";
import { UsageError } from "../usage-error.js";
import { parseResumeState, type ResumeState } from "./resume-state.js";

/** Everything that a run computes with. */
export interface RunParts {
  readonly task: Task;
  readonly network: Dnc;
  /** Made for `network.variables`. */
  readonly optimizer: RmsProp;
  readonly training: Training;
  readonly resumeState: ResumeState;
  dispose(): void;
}

/** How to build a run. */
interface BuildOptions {
  readonly seed: number;
  /** To resume; undefined: a new run. */
  readonly checkpoint?: FoundCheckpoint | undefined;
  /** Whether an engine may train; default: true. */
  readonly engine?: boolean | undefined;
}

/**
 * Creates everything that a run computes with, memory included, before anything of it is written.
 *
 * @throws UsageError if the memory does not suffice, or the checkpoint does not fit the configuration.
 */
export async function buildRun(config: RunConfig, { seed, checkpoint, engine }: BuildOptions): Promise<RunParts> {
  const disposables: { dispose(): void }[] = [];
  const dispose = () => {
    for (const each of disposables.splice(0).reverse()) each.dispose();
  };
  try {
    return await withSizeErrors(async () => {
      const { iterations, maxGradNorm, ...rates } = config.training;
      const { reportInterval, checkpointInterval } = config.recording;
      const task = createTask(config.task);
      const network = createNetwork(config, seed);
      disposables.push(network);
      const optimizer = new RmsProp(network.variables, rates);
      disposables.push(optimizer);
      const resumeState: ResumeState = checkpoint
        ? restoreCheckpoint(checkpoint, { network, optimizer })
        : { training: undefined, reported: 0 };
      const training = await createTraining({
        ...{ network, task, optimizer, iterations, maxGradNorm, reportInterval, engine },
        ...(checkpointInterval > 0 ? { checkpointInterval } : {}),
        ...{ random: createRandom(seed), state: resumeState.training },
      });
      disposables.push(training);
      reserveMemory(config, network, training);
      // Another generator than the run's: the batch only shows that there is room for one.
      task.sampleBatch(createRandom(seed));
      return { task, network, optimizer, training, resumeState, dispose };
    });
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Restores the variables of network and optimizer. */
function restoreCheckpoint(
  { path, state, model, optimizer }: FoundCheckpoint,
  parts: Pick<RunParts, "network" | "optimizer">,
): ResumeState {
  try {
    assignTensors(parts.network.variables, model);
    assignTensors(parts.optimizer.variables, optimizer);
    return parseResumeState(state);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function reserveMemory(config: RunConfig, network: Dnc, { trainer }: Training): void {
  if (!trainer) {
    checkSizesForOps(config);
    return;
  }
  const [timeSteps, batchSize] = [createTask(config.task).maxTimeSteps, config.task.batchSize];
  trainer.reserve(timeSteps, batchSize);
  // Samples and checkpoints run the network too, in memory of its own: better to lack it now than at the end.
  tf.dispose(tf.tidy(() => unroll(network, tf.zeros([timeSteps, batchSize, network.config.inputSize]))));
}
