import { type DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { checkpointsOf } from "../folder/run-parts.js";
import { RunFolderError } from "../run-folder-error.js";

/**
 * Finds the newest intact checkpoint of a run; returns undefined if it has no checkpoints at all.
 *
 * @param notice - called with a sentence for the user: which damaged checkpoints were skipped, or that there is none.
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
      const prefix = error.message.startsWith(run) ? "" : `${run}: `;
      throw new RunFolderError(`${prefix}${error.message}; nothing was changed there`);
    },
  );
  if (!found && damaged.length > 0) {
    const messages = damaged.map(({ message }) => message).join("; ");
    throw new RunFolderError(
      `${run}: expected an intact checkpoint, got none (${messages}); nothing was changed there`,
    );
  }
  for (const { message } of damaged)
    notice(`damaged checkpoint skipped: ${message}; resuming from ${found?.name}, the damaged one is kept`);
  if (!found) notice(`${visibleLine(run)} has no checkpoint yet: its run begins again`);
  return found;
}
