import { networkConfig } from "@dnc/checkpoint/network";
import type { ModelConfig, NetworkConfig, RunConfig, ScheduleConfig } from "../configs.js";
import type { TaskSource } from "../task/task-source.js";
import type { Settings } from "./train-flags.js";

/**
 * Converts settings to the configuration of a network and its task.
 *
 * @param source - the built-in task or the loaded file that the settings name.
 */
export function modelConfigOf(settings: Settings, source: TaskSource): ModelConfig {
  const { seed: _, ...network } = networkConfig(settings);
  return {
    network: network as NetworkConfig, // every setting has a value
    task: {
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
 * Converts settings to the configuration of a run.
 *
 * @param source - the built-in task or the loaded file that the settings name.
 */
export function runConfigOf(settings: Settings, source: TaskSource): RunConfig {
  return {
    ...modelConfigOf(settings, source),
    training: {
      iterations: settings.num_training_iterations,
      learningRate: settings.learning_rate,
      epsilon: settings.optimizer_epsilon,
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

/** Returns the schedule of the learning rate; undefined if the rate is constant from the first iteration. */
function scheduleOf(settings: Settings): ScheduleConfig | undefined {
  const { learning_rate_schedule: shape, warm_up: warmUp, final_learning_rate: finalRate } = settings;
  if (shape === "constant" && warmUp === 0) return undefined;
  return { shape, warmUp, finalRate, iterations: settings.schedule_iterations ?? settings.num_training_iterations };
}
