import { DamagedCheckpointError, UnreadableCheckpointError } from "@dnc/checkpoint";
import { type CheckpointSelector, type FoundCheckpoint, findCheckpoint } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { checkFolderIfPresent } from "../files/plain-file.js";
import { checkpointsOf } from "../folder/run-parts.js";
import { RunFolderError } from "../run-folder-error.js";

/** Options of `readCheckpoint`. */
export type ReadCheckpointOptions = {
  /** Beginning of error messages about the selector, such as the flag that gives it; default: "checkpoint". */
  readonly label?: string | undefined;
  /**
   * Called for each damaged checkpoint that is skipped.
   *
   * @param text - A sentence.
   */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** Whether to read the weights alone: `optimizer` is empty, and its file may be missing or damaged; default: false. */
  readonly modelOnly?: boolean | undefined;
};

/**
 * Reads a checkpoint of a run, with its weights.
 *
 *     const { step, model } = await readCheckpoint("runs/mine", "best");
 *
 * @param run - The run's folder.
 * @param selector - `latest`, `best` or a step. If the latest or best one is damaged, the next that is intact is read.
 * @param options - Name of the selector in errors, callback for damaged checkpoints, and whether to read the weights alone.
 * @returns The checkpoint.
 * @throws RunFolderError if there is none, it is damaged, or cannot be read.
 */
export async function readCheckpoint(
  run: string,
  selector: CheckpointSelector,
  { label = "checkpoint", onNotice = () => {}, modelOnly }: ReadCheckpointOptions = {},
): Promise<FoundCheckpoint> {
  const folder = checkpointsOf(run);
  checkFolderIfPresent(folder);
  const damaged: DamagedCheckpointError[] = [];
  const found = await findCheckpoint(folder, selector, { onDamaged: (error) => damaged.push(error), modelOnly }).catch(
    (error) => rethrow(run, label, error),
  );
  for (const { message } of damaged) onNotice(`${message}; ${found ? `using ${found.name}` : "there is no other"}`);
  if (!found)
    throw new RunFolderError(`expected a run with an intact checkpoint, got ${visibleLine(run)}, which has none`);
  return found;
}

/** Converts errors about the selected checkpoint or the run's folder to a RunFolderError; throws others as they are. */
function rethrow(run: string, label: string, error: unknown): never {
  if (error instanceof RangeError) throw new RunFolderError(error.message.replace(/^selector/, label));
  if (error instanceof DamagedCheckpointError) throw new RunFolderError(`${label}: ${error.message}`);
  if (error instanceof UnreadableCheckpointError || (error as NodeJS.ErrnoException).syscall !== undefined)
    throw new RunFolderError(`${run}: ${(error as Error).message}`);
  throw error;
}
