import { formatValue } from "@dnc/report";
import type { CompleteTask } from "@dnc/settings";
import { createRandom, type Task } from "@dnc/tasks";
import { whyNoBatch } from "./check-task.js";
import { fileError } from "./file-error.js";
import { withoutExit } from "./foreign-code.js";

/**
 * Wraps the task of a file: everything wrong that it does later is an error with the file's name. Facts that it does not
 * give have defaults; the longest time is that of a sampled batch.
 *
 * @param file - path of the file.
 * @param task - the task, checked by `whyNoTask`.
 * @param batchSize - number of sequences in a batch.
 * @throws UsageError if it samples no valid batch.
 */
export function guardedTask(file: string, task: Task, batchSize: number): CompleteTask {
  // Its sizes are read once: later calls cannot change them.
  const { name, inputSize, targetSize, loss } = task;
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return withoutExit(work);
    } catch (error) {
      throw fileError(file, "", error);
    }
  };
  const sizes = { ...task, name, inputSize, targetSize, batchSize, loss };
  const sampleBatch: Task["sampleBatch"] = (random, { batchSize: length = batchSize } = {}) => {
    const batch = guarded(() => task.sampleBatch(random, { batchSize: length }));
    const problem = whyNoBatch(batch, length, sizes);
    if (problem !== undefined) throw fileError(file, problem);
    return batch;
  };
  const { description, channelLabels, phases, maxTimeSteps } = task;
  const numbered = (what: string, count: number) => Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);
  return {
    ...sizes,
    sampleBatch,
    render: (...args) => {
      const text: unknown = guarded(() => task.render(...args));
      if (typeof text !== "string") throw fileError(file, `render(): expected a text, got ${formatValue(text)}`);
      return text;
    },
    description:
      description ??
      `${inputSize} input${inputSize === 1 ? "" : "s"}, ${targetSize} target${targetSize === 1 ? "" : "s"}`,
    channelLabels: channelLabels
      ? () => guarded(() => task.channelLabels?.() as ReturnType<typeof channelLabels>)
      : () => ({ inputs: numbered("input", inputSize), targets: numbered("target", targetSize) }),
    ...(phases && { phases: (sequence) => guarded(() => task.phases?.(sequence) as readonly string[]) }),
    maxTimeSteps: maxTimeSteps ?? sampleBatch(createRandom(0)).timeSteps,
  };
}
