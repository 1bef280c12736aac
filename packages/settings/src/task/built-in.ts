import { copy, repeatCopy } from "@dnc/tasks";
import { type CompleteTask, SIZE_NAMES, type TaskOptions, type TaskSource } from "./task-source.js";

/** Source of a built-in task, which needs no waiting. */
export interface BuiltInTask extends TaskSource {
  create(config: TaskOptions): CompleteTask;
}

/** The built-in tasks, the default first. */
const BUILT_IN: readonly BuiltInTask[] = [
  {
    name: "repeat-copy",
    sizes: SIZE_NAMES,
    create: ({ batchSize, loss, numBits, minLength, maxLength, minRepeats, maxRepeats }) =>
      repeatCopy({ batchSize, loss, numBits, minLength, maxLength, minRepeats, maxRepeats }),
  },
  {
    name: "copy",
    sizes: ["numBits", "minLength", "maxLength"],
    create: ({ batchSize, loss, numBits, minLength, maxLength }) =>
      copy({ batchSize, loss, numBits, minLength, maxLength }),
  },
];

/**
 * Returns the source of a built-in task whose sizes are flags of `dnc train`.
 *
 * @param name - name of the task.
 * @returns undefined for any other name.
 */
export function builtInTask(name: string): BuiltInTask | undefined {
  return BUILT_IN.find((task) => task.name === name);
}
