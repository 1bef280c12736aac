import { type DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { checkpointsOf } from "../folder/run-parts.js";
import { RunFolderError } from "../run-folder-error.js";

/**
 * Finds the newest intact checkpoint of a run; undefined if it has none, damaged ones included.
 *
 * @param notice - called with what the user should know, a sentence each.
 * @throws RunFolderError if the checkpoints cannot be read, or all are damaged.
 */
export async function findLatestCheckpoint(
  run: string,
  notice: (text: string) => void,
): Promise<FoundCheckpoint | undefined> {
  const damaged: DamagedCheckpointError[] = [];
  const found = await findCheckpoint(checkpointsOf(run), "latest", { onDamaged: (error) => damaged.push(error) }).catch(
    (error) => {
      if (!(error instanceof UnreadableCheckpointError) && error.syscall === undefined) throw error;
      const place = error.message.startsWith(run) ? "" : `${run}: `;
      throw new RunFolderError(`${place}${error.message}; nothing was changed there`);
    },
  );
  if (!found && damaged.length > 0) {
    const faults = damaged.map(({ message }) => message).join("; ");
    throw new RunFolderError(
      `${run}: expected a checkpoint that is whole, got none (${faults}); nothing was changed there`,
    );
  }
  for (const { message } of damaged)
    notice(`damaged checkpoint passed over: ${message}; going on from ${found?.name}, the damaged one stays`);
  if (!found) notice(`${visibleLine(run)} has no checkpoint yet: its run begins again`);
  return found;
}
