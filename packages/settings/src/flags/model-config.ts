import { networkConfig } from "@dnc/checkpoint/network";
import type { OptimizerOptions } from "@dnc/core/engine";
import type { ModelConfig, NetworkConfig, RunConfig } from "../configs.js";
import type { TaskSource } from "../task/task-source.js";
import { scheduleOf } from "./schedule.js";
import type { Settings } from "./train-flags.js";

/**
 * Converts settings to the configuration of a network and its task.
 *
 * @param source - the built-in task or the loaded file that the settings name.
 */
export function modelConfigOf(settings: Settings, source: TaskSource): ModelConfig {
  const { seed: _, ...network } = networkConfig(settings);
  return {
    network: { ...network, kind: settings.network } as NetworkConfig, // every other setting has a value
    task: {
      loss: settings.loss,
      source,
      batchSize: settings.batch_size as number, // known once a file's task is loaded
      numBits: settings.num_bits,
      minLength: settings.min_length,
      maxLength: settings.max_length,
      minRepeats: settings.min_repeats,
      maxRepeats: settings.max_repeats,
    },
  };
}

/**
 * Converts settings to the configuration of a run, without its lessons.
 *
 * @param settings - the settings that `loadTask` returns.
 * @param source - the built-in task or the loaded file that the settings name.
 */
export function runConfigOf(settings: Settings, source: TaskSource): RunConfig {
  return {
    ...modelConfigOf(settings, source),
    training: {
      iterations: settings.num_training_iterations,
      learningRate: settings.learning_rate,
      optimizer: optimizerOf(settings),
      maxGradNorm: settings.max_grad_norm,
      schedule: scheduleOf(settings),
      until: settings.until,
    },
    recording: {
      reportInterval: settings.report_interval,
      checkpointInterval: settings.checkpoint_interval,
      keepCheckpoints: settings.keep_checkpoints,
    },
    seed: settings.seed,
    backend: settings.backend,
  };
}

function optimizerOf({
  optimizer: type,
  learning_rate,
  optimizer_epsilon,
  decay,
  momentum,
  beta1,
  beta2,
}: Settings): OptimizerOptions {
  const common = { learningRate: learning_rate, epsilon: optimizer_epsilon };
  return type === "adam" ? { type, ...common, beta1, beta2 } : { type, ...common, decay, momentum };
}
