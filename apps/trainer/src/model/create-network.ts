import { Dnc } from "@dnc/core";
import { copy, repeatCopy, type Task, type TaskFacts } from "@dnc/tasks";
import type { ModelConfig, TaskConfig } from "../configs.js";

/** Creates the task that a configuration describes. */
export function createTask({ name, minRepeats, maxRepeats, ...patterns }: TaskConfig): Task & TaskFacts {
  switch (name) {
    case "copy":
      return copy(patterns);
    case "repeat-copy":
      return repeatCopy({ ...patterns, minRepeats, maxRepeats });
  }
}

/** Creates a network for a task; the seed determines its initial weights. */
export function createNetwork({ network, task }: ModelConfig, seed: number): Dnc {
  const { inputSize, targetSize: outputSize } = createTask(task);
  return new Dnc({ ...network, inputSize, outputSize, seed });
}
