import type { LabelOptions } from "../folder/inspect-run-folder.js";
import { checkpointsOf } from "../folder/run-parts.js";
import { checkRecords } from "../folder/run-records.js";
import { RunFolderError } from "../run-folder-error.js";
import { findLatestCheckpoint } from "./find-latest.js";
import { SavedRun } from "./saved-run.js";

/** How to read a run. */
export type LoadOptions = LabelOptions & {
  /** Iterations between the run's checkpoints: a run that should have one must have one. Default: it may have none. */
  readonly checkpointInterval?: number | undefined;
};

/**
 * Reads a run that is to be resumed: its newest intact checkpoint. Checks that its records can be read. Changes nothing.
 *
 *     const saved = await loadRun("runs/mine");
 *     const state = saved.restore({ network, optimizer });
 *     const run = await saved.resume({ config, network, task });
 *
 * `resumeRun` does these three things; this is for programs that look at the checkpoint before they build the network, or
 * reserve memory before anything is written.
 *
 * @param folder - The run's folder.
 * @param options - What is expected there, and how errors name the folder.
 * @returns The run, to be resumed.
 * @throws RunFolderError if something cannot be read, or there should be a checkpoint.
 */
export async function loadRun(folder: string, options: LoadOptions = {}): Promise<SavedRun> {
  const { checkpointInterval: interval = 0, label } = options;
  const reported = await checkRecords(folder);
  const notices: string[] = [];
  const checkpoint = await findLatestCheckpoint(folder, (text) => notices.push(text));
  // The second is not begun before the first is on the disk.
  if (checkpoint || interval <= 0 || reported <= 2 * interval)
    return new SavedRun({ folder, checkpoint, notices, label });
  throw new RunFolderError(
    `${folder}: expected checkpoints, as it has reported iteration ${reported} and saves every ${interval}, got none in ` +
      `${checkpointsOf(folder)}; nothing was changed there`,
  );
}
