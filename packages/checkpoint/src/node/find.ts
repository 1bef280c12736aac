import { join } from "node:path";
import type { Checkpoint } from "../checkpoint.js";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { describe } from "../shown.js";
import { BEST_FILE, rankedByLoss, readBestName } from "./best.js";
import { type Candidate, LATEST_FILE, listCandidates } from "./folder.js";
import { lookAt } from "./kind.js";
import { loadNamed } from "./load.js";
import { stepName } from "./step-name.js";

/** Which checkpoint of a folder: the newest that is whole, the best one, or one by its name or step. */
export type Which = "latest" | "best" | (string & {});

/** A checkpoint and where it lies. */
export interface FoundCheckpoint extends Checkpoint {
  /** Such as `step-00000100`. */
  readonly name: string;
  /** Of its folder, below the one that was searched. */
  readonly path: string;
}

/** How to look for a checkpoint. */
export interface FindOptions {
  /**
   * Told of each checkpoint that was passed over, once; also where `latest` or `best` names one and none is there.
   *
   * @param error - its message begins with the checkpoint's name, or that of the file.
   */
  readonly onDamaged?: ((error: DamagedCheckpointError) => void) | undefined;
}

/** Opens a candidate; undefined, and reported, if it is damaged. */
type Open = (candidate: Candidate) => Promise<FoundCheckpoint | undefined>;

/** How many names an error lists. */
const MAX_LISTED = 20;

/**
 * Looks for a checkpoint in `checkpoints/` of a run.
 *
 * - `"latest"`: the greatest step that is whole, whatever the file `latest` says.
 * - `"best"`: what the file `best` names; if that is damaged, the least loss that is whole; if none says a loss, the
 *   latest.
 * - `"step-00000100"` or `"100"`: that one and no other.
 *
 * Only damaged ones are passed over. One that cannot be opened for another reason may be the one that is looked for: it
 * is an error.
 *
 * @param folder - with one sub-folder for each checkpoint; anything else in it is not looked at.
 * @param which - `"latest"` by default, `"best"`, or a name or step.
 * @param options - `onDamaged`: told of what is passed over.
 * @returns undefined if the folder is not there or, for `"latest"` and `"best"`, has no checkpoint that is whole.
 * @throws UnreadableCheckpointError if a later release wrote a checkpoint that would have to be passed over, or the file
 *   system does not give it or the folder out; RangeError if `which` is not there, and DamagedCheckpointError if it is not whole, where it is a name or a
 *   step; TypeError if it is no string.
 */
export async function findCheckpoint(
  folder: string,
  which: Which = "latest",
  { onDamaged }: FindOptions = {},
): Promise<FoundCheckpoint | undefined> {
  if (typeof which !== "string") throw new TypeError(`which: expected a string, got ${describe(which)}`);
  const candidates = await listCandidates(folder);
  if (candidates === undefined) return undefined;
  const open = opener(onDamaged);
  if (which === "latest" && candidates.length === 0) return lost(folder, onDamaged);
  if (which === "latest") return firstWhole(candidates, open);
  if (which === "best") return bestOf(folder, candidates, open, onDamaged);
  return oneOf(candidates, which);
}

/** A folder whose checkpoints are gone, but not the file that names the last of them, is no new one. */
async function lost(folder: string, onDamaged: FindOptions["onDamaged"]): Promise<undefined> {
  if ((await lookAt(join(folder, LATEST_FILE))) === undefined) return;
  onDamaged?.(new DamagedCheckpointError(`${LATEST_FILE}: names a checkpoint, and none is there`));
}

/** Opens candidates, and reports each damaged one only the first time. */
function opener(onDamaged: FindOptions["onDamaged"]): Open {
  const damaged = new Set<string>();
  return async ({ name, step, path }) => {
    if (damaged.has(name)) return undefined;
    try {
      return { name, path, ...(await loadNamed(name, step, path)) };
    } catch (error) {
      if (!(error instanceof DamagedCheckpointError)) throw error;
      damaged.add(name);
      onDamaged?.(error);
      return undefined;
    }
  };
}

async function firstWhole(candidates: readonly Candidate[], open: Open): Promise<FoundCheckpoint | undefined> {
  for (const candidate of candidates) {
    const found = await open(candidate);
    if (found) return found;
  }
  return undefined;
}

async function bestOf(
  folder: string,
  candidates: readonly Candidate[],
  open: Open,
  onDamaged: FindOptions["onDamaged"],
): Promise<FoundCheckpoint | undefined> {
  try {
    const name = await readBestName(folder);
    const named = candidates.find((candidate) => candidate.name === name);
    if (name !== undefined && !named)
      throw new DamagedCheckpointError(`${BEST_FILE}: names ${name}, which is not there`);
    const found = named && (await open(named));
    if (found) return found;
  } catch (error) {
    if (!(error instanceof DamagedCheckpointError)) throw error;
    onDamaged?.(error);
  }
  return firstWhole([...(await rankedByLoss(candidates)), ...candidates], open);
}

async function oneOf(candidates: readonly Candidate[], which: string): Promise<FoundCheckpoint> {
  const wanted =
    /^(\d{1,8}|[1-9]\d{8,15})$/.test(which) && Number.isSafeInteger(Number(which)) ? stepName(Number(which)) : which;
  const found = candidates.find(({ name }) => name === wanted);
  if (!found) {
    const names = candidates.slice(0, MAX_LISTED).map(({ name }) => name);
    const more = candidates.length > MAX_LISTED ? ", ..." : "";
    const there = names.length === 0 ? "none" : `${names.join(", ")}${more}`;
    throw new RangeError(`which: expected latest, best or one that is there (${there}), got ${describe(which)}`);
  }
  const { name, step, path } = found;
  return { name, path, ...(await loadNamed(name, step, path)) };
}
