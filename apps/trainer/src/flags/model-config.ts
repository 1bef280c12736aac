import { networkConfig } from "@dnc/checkpoint/network";
import type { ModelConfig, NetworkConfig, RunConfig } from "../configs.js";
import type { Settings } from "./train-flags.js";

/** Converts settings to the configuration of a network and its task. */
export function modelConfigOf(settings: Settings): ModelConfig {
  const { seed: _, ...network } = networkConfig(settings);
  return {
    network: network as NetworkConfig, // every setting has a value
    task: {
      name: settings.task,
      batchSize: settings.batch_size,
      numBits: settings.num_bits,
      minLength: settings.min_length,
      maxLength: settings.max_length,
      minRepeats: settings.min_repeats,
      maxRepeats: settings.max_repeats,
    },
  };
}

/** Converts settings to the configuration of a run. */
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
