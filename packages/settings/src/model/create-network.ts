import { Dnc, LstmNetwork } from "@dnc/core";
import type { NetworkConfig, TaskConfig } from "../configs.js";
import type { CompleteTask } from "../task/task-source.js";

/**
 * Creates the task that a configuration describes.
 *
 * @param config - the configuration.
 * @throws UsageError (as a rejection) if the task of a file is not valid with these sizes.
 */
export async function createTask(config: TaskConfig): Promise<CompleteTask> {
  const { source, ...options } = config;
  return source.create(options);
}

/**
 * Creates a network for a task.
 *
 * @param network - configuration of the network.
 * @param task - the task, whose widths it has.
 * @param seed - determines its initial weights; an integer of at least 0.
 * @returns the network; the caller disposes it.
 */
export function createNetwork(
  network: NetworkConfig,
  task: Pick<CompleteTask, "inputSize" | "targetSize">,
  seed: number,
): Dnc | LstmNetwork {
  const { kind, ...config } = network;
  const { inputSize, targetSize: outputSize } = task;
  if (kind === "dnc") return new Dnc({ ...config, inputSize, outputSize, seed });
  const { hiddenSize, layers, clipValue } = config;
  return new LstmNetwork({ hiddenSize, layers, clipValue, inputSize, outputSize, seed });
}
