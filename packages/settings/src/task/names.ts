import { isTaskFile } from "./is-task-file.js";

/** Names of the built-in tasks whose sizes are flags of the trainer, the default first. */
export const SIZED_TASKS = ["repeat-copy", "copy"] as const;

/** Names of the built-in tasks with flags of their own: see `library.ts`. */
export const LIBRARY_TASKS = [
  "associative-recall",
  "dynamic-n-grams",
  "priority-sort",
  "key-value",
  "two-way-key-value",
  "big-repeat-copy",
  "dynamic-allocation",
  "ntm-repeat-copy",
  "graph-traversal",
  "inference",
  "shortest-path",
  "babi",
  "mini-shrdlu",
] as const;

/** Names of all built-in tasks. */
export const BUILT_IN_TASKS = [...SIZED_TASKS, ...LIBRARY_TASKS] as const;

/** Name of a built-in task with flags of its own. */
export type LibraryTaskName = (typeof LIBRARY_TASKS)[number];

/** Whether a value of `--task` names a built-in task with flags of its own. */
export function isLibraryTask(task: unknown): task is LibraryTaskName {
  return (LIBRARY_TASKS as readonly unknown[]).includes(task);
}

/**
 * Whether a task has flags that are no flags of `dnc train`: that of a file, or of the library.
 *
 * @param task - the value of `--task`, of any kind.
 */
export function hasOwnFlags(task: unknown): boolean {
  return isTaskFile(task) || isLibraryTask(task);
}
