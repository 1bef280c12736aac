import type { LabelOptions } from "../folder/inspect-run-folder.js";
import { checkpointsOf } from "../folder/run-parts.js";
import { checkRecords } from "../folder/run-records.js";
import { RunFolderError } from "../run-folder-error.js";
import { findLatestCheckpoint } from "./find-latest.js";
import { SavedRun } from "./saved-run.js";

/** Options of `loadRun`. */
export type LoadOptions = LabelOptions & {
  /** Iterations between checkpoints: an error if the run should have one and has none; default: it may have none. */
  readonly checkpointInterval?: number | undefined;
};

/**
 * Reads the newest intact checkpoint of a run to resume, and checks that its records can be read. Changes nothing.
 *
 *     const saved = await loadRun("runs/mine");
 *     const state = saved.restore({ network, optimizer });
 *     const run = await saved.resume({ config, network, task });
 *
 * `resumeRun` combines these three steps. Use them separately to read the checkpoint before creating the network, or to
 * reserve memory before anything is written.
 *
 * @param folder - The run's folder.
 * @param options - Checkpoint interval of the run, and name of the folder in errors.
 * @returns The run, to be resumed.
 * @throws RunFolderError if a file cannot be read, or an expected checkpoint is missing.
 */
export async function loadRun(folder: string, options: LoadOptions = {}): Promise<SavedRun> {
  const { checkpointInterval: interval = 0, label } = options;
  const reported = await checkRecords(folder);
  const notices: string[] = [];
  const checkpoint = await findLatestCheckpoint(folder, (text) => notices.push(text));
  // The second checkpoint is not started before the first is on disk.
  if (checkpoint || interval <= 0 || reported <= 2 * interval)
    return new SavedRun({ folder, checkpoint, notices, label });
  throw new RunFolderError(
    `${folder}: expected checkpoints, as it has reported iteration ${reported} and saves every ${interval}, got none in ` +
      `${checkpointsOf(folder)}; nothing was changed there`,
  );
}
