import {
  type FlagValue,
  SIZE_FLAGS,
  SIZE_NAMES,
  type TaskFile,
  type TaskFileOptions,
  type TaskSizes,
  type TaskSource,
} from "@dnc/settings";
import type { LossName, Task } from "@dnc/tasks";
import { whyNoTask } from "./check-task.js";
import { fileError } from "./file-error.js";
import { settled } from "./foreign-code.js";
import { guardedTask } from "./guarded-task.js";
import { importTask } from "./import-task.js";
import { readFlags } from "./read-flags.js";

/**
 * Imports a task file and creates its task.
 *
 * @throws UsageError (as a rejection): one sentence with the file's name for everything that can be wrong in it.
 */
export async function loadTaskFile({ file, flags, sizes, batchSize, loss }: TaskFileOptions): Promise<TaskFile> {
  const { exported, sha256 } = await importTask(file);
  const create = (given: TaskSizes) => createFrom(file, exported, { ...flags, ...sizeFlags(given) });
  const { task: first, read } = await create(sizes);
  const created = new Map([[JSON.stringify(sizeFlags(sizes)), first]]);
  const source: TaskSource = {
    name: file,
    sizes: SIZE_NAMES.filter((name) => read.has(SIZE_FLAGS[name])),
    async create({ batchSize: length, loss: otherLoss, ...given }) {
      const key = JSON.stringify(sizeFlags(given));
      const task = created.get(key) ?? (await create(given)).task;
      created.set(key, task);
      checkSameWidths(file, task, first);
      return guardedTask(file, withLoss(file, task, otherLoss), length);
    },
  };
  const task = guardedTask(file, withLoss(file, first, loss), batchSize ?? first.batchSize);
  return { source, task, sha256, isFunction: typeof exported === "function", read };
}

/**
 * Replaces the loss of a task, without the groups of outputs that belong to its own.
 *
 * @throws UsageError if another option of its loss does not fit the replacement.
 */
function withLoss(file: string, task: Task, loss: LossName | undefined): Task {
  if (loss === undefined || loss === task.loss) return task;
  const replaced = { ...task, loss, groupSizes: undefined };
  const problem = whyNoTask(replaced);
  if (problem !== undefined) throw fileError(file, `with --loss=${loss}: ${problem}`);
  return replaced;
}

/** Returns the sizes that are given, under the names of flags. */
function sizeFlags(sizes: TaskSizes): Record<string, number> {
  const given = SIZE_NAMES.map((name) => [SIZE_FLAGS[name], sizes[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is readonly [string, number] => entry[1] !== undefined));
}

/** Creates the task that a file exports, or that the function returns that it exports. */
async function createFrom(
  file: string,
  exported: unknown,
  values: Readonly<Record<string, FlagValue>>,
): Promise<{ readonly task: Task; readonly read: ReadonlySet<string> }> {
  const { flags, read } = readFlags(values);
  let task = exported;
  if (typeof exported === "function") {
    task = await settled(() => exported(flags)).catch((error) => {
      throw fileError(file, "its function fails", error);
    });
  }
  const problem = whyNoTask(task);
  const what = typeof exported === "function" ? "its function returns" : "its default export";
  if (problem !== undefined) throw fileError(file, `${what}: ${problem}`);
  return { task: task as Task, read };
}

/** Throws a UsageError if a task has other widths than the first one of its file: no network would fit both. */
function checkSameWidths(file: string, task: Task, first: Task): void {
  for (const width of ["inputSize", "targetSize"] as const) {
    if (task[width] === first[width]) continue;
    throw fileError(file, `${width}: expected ${first[width]} as in its first call, got ${task[width]}`);
  }
}
