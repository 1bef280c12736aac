import { join } from "node:path";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { shown } from "../shown.js";
import { MAX_STATE_BYTES, openState, STATE_FILE } from "../state/state-json.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { type Candidate, checkFolder } from "./folder.js";
import { lookAt } from "./kind.js";
import { namedError } from "./load.js";
import { readBounded } from "./read-bounded.js";
import { stepOf } from "./step-name.js";

/** The file that names the checkpoint with the least loss. */
export const BEST_FILE = "best";

/** A name and its newline, and some more to show what is there instead. */
const MAX_NAME_BYTES = 256;

/**
 * The checkpoint that `best` names.
 *
 * @returns undefined if there is no such file.
 * @throws DamagedCheckpointError if it names none; UnreadableCheckpointError if it cannot be read.
 */
export async function readBestName(folder: string): Promise<string | undefined> {
  const path = join(folder, BEST_FILE);
  if ((await lookAt(path)) === undefined) return undefined;
  const bytes = await readBounded(path, MAX_NAME_BYTES, BEST_FILE);
  const name = new TextDecoder().decode(bytes).replace(/\n$/, "");
  if (stepOf(name) !== undefined) return name;
  throw new DamagedCheckpointError(`${BEST_FILE}: expected the name of a checkpoint, got ${shown(name)}`);
}

/**
 * The candidates whose state.json is whole and says a loss, by ascending loss, the earliest first among equals. Their
 * tensors are not read.
 *
 * @throws UnreadableCheckpointError if one of them cannot be read, and there is nobody to tell.
 */
export async function rankedByLoss(
  candidates: readonly Candidate[],
  onUnreadable?: (error: UnreadableCheckpointError) => void,
): Promise<(Candidate & { loss: number })[]> {
  const ranked: (Candidate & { loss: number })[] = [];
  for (const candidate of candidates) {
    const loss = await lossAt(candidate, onUnreadable);
    if (loss !== undefined) ranked.push({ ...candidate, loss });
  }
  return ranked.sort((a, b) => a.loss - b.loss || a.step - b.step);
}

/** The loss of a state, if it says one. */
export function lossOf({ loss }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof loss === "number" && Number.isFinite(loss) ? loss : undefined;
}

async function lossAt(
  { name, path }: Candidate,
  onUnreadable: ((error: UnreadableCheckpointError) => void) | undefined,
): Promise<number | undefined> {
  try {
    await checkFolder(path);
    const { state } = await openState(await readBounded(join(path, STATE_FILE), MAX_STATE_BYTES, STATE_FILE));
    return lossOf(state);
  } catch (error) {
    if (error instanceof DamagedCheckpointError) return undefined;
    if (!(error instanceof UnreadableCheckpointError)) throw error;
    if (!onUnreadable) throw namedError(name, error);
    onUnreadable(error);
    return undefined;
  }
}
