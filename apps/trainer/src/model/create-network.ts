import { Dnc, LstmNetwork } from "@dnc/core";
import type { NetworkConfig, TaskConfig } from "../configs.js";
import type { CompleteTask } from "../task/task-source.js";

/**
 * Creates the task that a configuration describes.
 *
 * @throws UsageError (as a rejection) if the task of a file is not valid with these sizes.
 */
export async function createTask({ source, ...config }: TaskConfig): Promise<CompleteTask> {
  return source.create(config);
}

/** Creates a network for a task; the seed determines its initial weights. */
export function createNetwork(
  { kind, ...config }: NetworkConfig,
  { inputSize, targetSize: outputSize }: Pick<CompleteTask, "inputSize" | "targetSize">,
  seed: number,
): Dnc | LstmNetwork {
  if (kind === "dnc") return new Dnc({ ...config, inputSize, outputSize, seed });
  const { hiddenSize, layers, clipValue } = config;
  return new LstmNetwork({ hiddenSize, layers, clipValue, inputSize, outputSize, seed });
}
