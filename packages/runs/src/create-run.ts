import { defaultRunFolder } from "./folder/default-run-folder.js";
import type { LabelOptions } from "./folder/inspect-run-folder.js";
import { RunFolder } from "./folder/run-folder.js";
import { openRun } from "./recording/open-run.js";
import type { Run } from "./recording/run.js";
import { checkRunOptions, type RunOptions } from "./run-options.js";

/**
 * Creates a run's folder, locks it, and records there what `train` reports.
 *
 *     const run = await createRun("runs/mine", { config, network, task });
 *     await train({ network, task, iterations: 1000, ...run.callbacks });
 *     await run.close();
 *
 * Of two processes that create the same folder at once, one fails.
 *
 * @param folder - A new folder, or one that holds no run; undefined: a new one in runs/, with the task, the time and the seed in
 *   its name.
 * @param options - What is recorded, and how errors name the folder.
 * @returns The run; the caller closes it.
 * @throws RunFolderError if the folder cannot be created; then nothing of it remains. RunWriteError if the first event file
 *   cannot be written. TypeError or RangeError for an option of the wrong kind or out of range.
 */
export async function createRun(folder: string | undefined, options: RunOptions & LabelOptions): Promise<Run> {
  checkRunOptions(options);
  const { config, task, seed = 1, label } = options;
  const created =
    folder === undefined
      ? await RunFolder.createNew(defaultRunFolder(task.name, seed), config, label)
      : await RunFolder.create(folder, config, label);
  return openRun(created, options);
}
