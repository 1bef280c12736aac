import type { Optimizer, ValueTraining } from "@dnc/training";
import type { Run } from "./recording/run.js";
import { type LoadOptions, loadRun } from "./resuming/load-run.js";
import type { ResumeOptions } from "./resuming/saved-run.js";
import { checkRunOptions } from "./run-options.js";

/**
 * Resumes a run at its newest intact checkpoint: restores network and optimizer, locks the folder, and deletes records
 * newer than the checkpoint.
 *
 *     const run = await resumeRun("runs/mine", { config, network, task, optimizer });
 *     await train({ network, task, optimizer, iterations: 2000, state: run.state, ...run.callbacks });
 *     await run.close();
 *
 * @param folder - The run's folder.
 * @param options - What is recorded, and how the folder is read. Network, optimizer, task and seed are those of the run.
 * @returns The run; the caller closes it. Its `state` is undefined if there is no checkpoint; then the run starts over.
 * @throws RunFolderError if the folder cannot be used, or its checkpoint does not fit; RunWriteError if a file cannot be written;
 *   TypeError or RangeError for an option of the wrong kind or out of range.
 */
export async function resumeRun(
  folder: string,
  options: ResumeOptions & LoadOptions & { readonly optimizer: Optimizer; readonly value?: ValueTraining | undefined },
): Promise<Run> {
  checkRunOptions(options);
  const saved = await loadRun(folder, options);
  saved.restore(options);
  return saved.resume(options);
}
