import { join } from "node:path";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { lossOf } from "../encode-checkpoint.js";
import { formatValue } from "../format-value.js";
import { MAX_STATE_BYTES, parseState, STATE_FILE } from "../state/state-json.js";
import { stepOf } from "../step-name.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { type Candidate, checkFolder } from "./folder.js";
import { withName } from "./load.js";
import { readBounded } from "./read-bounded.js";
import { statusAt } from "./status.js";

/** Name of the file that names the checkpoint with the lowest loss. */
export const BEST_FILE = "best";

/** Maximum length of that file: a name, plus enough to quote other contents in an error message. */
const MAX_NAME_BYTES = 256;

/**
 * Reads the checkpoint's name from the file `best`.
 *
 * @returns undefined if there is no such file.
 * @throws DamagedCheckpointError if the file does not contain such a name; UnreadableCheckpointError if it cannot be read.
 */
export async function readBestName(folder: string): Promise<string | undefined> {
  const path = join(folder, BEST_FILE);
  if ((await statusAt(path)) === undefined) return undefined;
  const bytes = await readBounded(path, MAX_NAME_BYTES, BEST_FILE);
  const name = new TextDecoder().decode(bytes).replace(/\n$/, "");
  if (stepOf(name) !== undefined) return name;
  throw new DamagedCheckpointError(`${BEST_FILE}: expected the name of a checkpoint, got ${formatValue(name)}`);
}

/**
 * Sorts the candidates whose state.json is intact and has a loss: by ascending loss, ties by ascending step. Their
 * tensors are not read.
 *
 * @param onUnreadable - called for each candidate that cannot be read; default: the error is thrown.
 * @throws UnreadableCheckpointError if a candidate cannot be read and there is no `onUnreadable`.
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

async function lossAt(
  { name, path }: Candidate,
  onUnreadable: ((error: UnreadableCheckpointError) => void) | undefined,
): Promise<number | undefined> {
  try {
    await checkFolder(path);
    const { state } = await parseState(await readBounded(join(path, STATE_FILE), MAX_STATE_BYTES, STATE_FILE));
    return lossOf(state);
  } catch (error) {
    if (error instanceof DamagedCheckpointError) return undefined;
    if (!(error instanceof UnreadableCheckpointError)) throw error;
    if (!onUnreadable) throw withName(name, error);
    onUnreadable(error);
    return undefined;
  }
}
