import { createRandom } from "@dnc/tasks";
import { RmsProp } from "@dnc/training";
import type { BackendName } from "../backends/select-backend.js";
import type { Settings } from "../flags/train-flags.js";
import { createCore, createTask } from "../model/model.js";
import { UsageError } from "../usage-error.js";
import { createLearner } from "./create-learner.js";

/**
 * All that a run computes with, before anything of it is written.
 *
 * @throws UsageError if the memory does not suffice.
 */
export function prepare(settings: Settings, backend: BackendName, seed: number) {
  try {
    const task = createTask(settings);
    const core = createCore(settings, task, seed);
    const optimizer = new RmsProp(core.variables, {
      learningRate: settings.learning_rate,
      epsilon: settings.optimizer_epsilon,
    });
    const learner = createLearner(settings, backend, { core, task, optimizer, maxGradNorm: settings.max_grad_norm });
    // Another generator than the run's: the batch only shows that there is room for one.
    task.sampleBatch(createRandom(seed));
    const dispose = () => {
      for (const part of [learner, optimizer, core]) part.dispose();
    };
    return { task, core, optimizer, learner, dispose };
  } catch (error) {
    // Every setting has been checked by now: only sizes can be out of range.
    if (error instanceof RangeError) throw new UsageError(`too large: ${error.message.replaceAll(/\s+/g, " ")}`);
    throw error;
  }
}
