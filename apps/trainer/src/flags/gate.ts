/** The gate: turns settings, which have the names of flags, into configurations. Nothing below knows a flag. */
import type { RunConfig, TrainedRun } from "../configs.js";
import { configEntries, trainCommand } from "./config-entries.js";
import { modelConfigOf } from "./model-config.js";
import { readRunConfig } from "./run-config.js";
import type { Settings } from "./train-flags.js";

/** The configuration of the run that settings describe. */
export function runConfigOf(settings: Settings): RunConfig {
  return {
    ...modelConfigOf(settings),
    training: {
      iterations: settings.num_training_iterations,
      learningRate: settings.learning_rate,
      epsilon: settings.optimizer_epsilon,
      maxGradNorm: settings.max_grad_norm,
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

/**
 * Reads what a run was trained with.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not one.
 */
export function readTrainedRun(run: string): TrainedRun {
  const settings = readRunConfig(run);
  return {
    config: { ...runConfigOf(settings), seed: settings.seed },
    entries: configEntries(settings),
    command: trainCommand(settings),
  };
}
