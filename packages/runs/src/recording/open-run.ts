import type { RunFolder } from "../folder/run-folder.js";
import type { RunOptions } from "../run-options.js";
import { RunWriteError } from "../run-write-error.js";
import { EventFile } from "./event-file.js";
import { type PreviousRecords, Run } from "./run.js";

/** Records of a new run. */
const NO_RECORDS: PreviousRecords = {
  ...{ state: undefined, reported: 0 },
  ...{ firstReport: undefined, lastReport: undefined, checkpoint: undefined },
};

/**
 * Opens the files that a run writes to. Unlocks the folder if that fails.
 *
 * @param prepare - called first; restores the records of a run that resumes; default: a new run.
 */
export async function openRun(
  folder: RunFolder,
  options: RunOptions,
  prepare: () => Promise<PreviousRecords> = async () => NO_RECORDS,
): Promise<Run> {
  try {
    const previous = await prepare();
    const events = await createEvents(folder, previous.reported);
    return new Run({ folder, events, options, previous });
  } catch (error) {
    folder.close();
    throw error;
  }
}

async function createEvents(folder: RunFolder, step: number): Promise<EventFile> {
  try {
    return await EventFile.create(folder.path, { step });
  } catch (error) {
    throw new RunWriteError(`the event file in ${folder.path}`, error);
  }
}
