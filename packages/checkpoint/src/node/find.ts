import { join } from "node:path";
import type { Checkpoint } from "../checkpoint.js";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { formatValue } from "../format-value.js";
import { stepName } from "../step-name.js";
import { BEST_FILE, rankedByLoss, readBestName } from "./best.js";
import { type Candidate, LATEST_FILE, listCandidates } from "./folder.js";
import { type LoadCheckpointOptions, loadNamed } from "./load.js";
import { statusAt } from "./status.js";

/** Selects a checkpoint of a folder: the newest intact one, the best one, or one by its name or step. */
export type CheckpointSelector = "latest" | "best" | (string & {});

/** A checkpoint with its name and path. */
export interface FoundCheckpoint extends Checkpoint {
  /** Name of its folder, such as `step-00000100`. */
  readonly name: string;
  /** Path of its folder. */
  readonly path: string;
}

/** Options of `findCheckpoint`. */
export interface FindOptions extends LoadCheckpointOptions {
  /**
   * Called once for each damaged checkpoint that is skipped, and if `latest` or `best` names one that does not exist.
   *
   * @param error - its message begins with the name of the checkpoint or file.
   */
  readonly onDamaged?: ((error: DamagedCheckpointError) => void) | undefined;
}

/** Opens a candidate; if it is damaged, reports it and returns undefined. */
type Open = (candidate: Candidate) => Promise<FoundCheckpoint | undefined>;

/** Maximum number of names in an error message. */
const MAX_LISTED = 20;

/**
 * Finds and loads a checkpoint in `checkpoints/` of a run.
 *
 *     const found = await findCheckpoint("runs/1/checkpoints", "latest", { onDamaged: console.warn });
 *     if (found) assignTensors(network.variables, found.model);
 *
 * - `"latest"`: the intact checkpoint with the greatest step, whatever the file `latest` says.
 * - `"best"`: the one that the file `best` names; if that is damaged, the intact one with the lowest loss; if none has a
 *   loss, the latest.
 * - `"step-00000100"` or `"100"`: exactly that one.
 *
 * Only damaged checkpoints are skipped. One that cannot be opened for another reason may be the requested one, so it is
 * an error.
 *
 * @param folder - with one sub-folder per checkpoint; anything else in it is ignored.
 * @param selector - `"latest"`, `"best"`, or a name or step; default: `"latest"`.
 * @param options - `onDamaged`: called for each checkpoint that is skipped; `modelOnly`: whether to read the model alone,
 *   so that only its damage counts, default: false.
 * @returns undefined if the folder does not exist or, for `"latest"` and `"best"`, has no intact checkpoint.
 * @throws UnreadableCheckpointError if a checkpoint that would have to be skipped comes from a later release, or the
 *   file system refuses access to it or the folder; for a name or step RangeError if it is not there and
 *   DamagedCheckpointError if it is not intact; TypeError if `selector` is not a string.
 */
export async function findCheckpoint(
  folder: string,
  selector: CheckpointSelector = "latest",
  { onDamaged, modelOnly }: FindOptions = {},
): Promise<FoundCheckpoint | undefined> {
  if (typeof selector !== "string") throw new TypeError(`selector: expected a string, got ${formatValue(selector)}`);
  const candidates = await listCandidates(folder);
  if (candidates === undefined) return undefined;
  const open = opener(onDamaged, { modelOnly });
  if (selector === "latest" && candidates.length === 0) return reportLost(folder, onDamaged);
  if (selector === "latest") return firstIntact(candidates, open);
  if (selector === "best") return bestOf(folder, candidates, open, onDamaged);
  return oneOf(candidates, selector, { modelOnly });
}

/** Reports a folder that has lost its checkpoints: one with the file `latest` is not a new folder. */
async function reportLost(folder: string, onDamaged: FindOptions["onDamaged"]): Promise<undefined> {
  if ((await statusAt(join(folder, LATEST_FILE))) === undefined) return;
  onDamaged?.(new DamagedCheckpointError(`${LATEST_FILE}: names a checkpoint, but there is none`));
}

/** Returns a function that opens candidates and reports each damaged one only once. */
function opener(onDamaged: FindOptions["onDamaged"], options: LoadCheckpointOptions): Open {
  const damaged = new Set<string>();
  return async (candidate) => {
    const { name, path } = candidate;
    if (damaged.has(name)) return undefined;
    try {
      return { name, path, ...(await loadNamed(candidate, options)) };
    } catch (error) {
      if (!(error instanceof DamagedCheckpointError)) throw error;
      damaged.add(name);
      onDamaged?.(error);
      return undefined;
    }
  };
}

async function firstIntact(candidates: readonly Candidate[], open: Open): Promise<FoundCheckpoint | undefined> {
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
      throw new DamagedCheckpointError(`${BEST_FILE}: names ${name}, which does not exist`);
    const found = named && (await open(named));
    if (found) return found;
  } catch (error) {
    if (!(error instanceof DamagedCheckpointError)) throw error;
    onDamaged?.(error);
  }
  return firstIntact([...(await rankedByLoss(candidates)), ...candidates], open);
}

async function oneOf(
  candidates: readonly Candidate[],
  selector: string,
  options: LoadCheckpointOptions,
): Promise<FoundCheckpoint> {
  const target =
    /^(\d{1,8}|[1-9]\d{8,15})$/.test(selector) && Number.isSafeInteger(Number(selector))
      ? stepName(Number(selector))
      : selector;
  const found = candidates.find(({ name }) => name === target);
  if (!found) {
    const names = candidates.slice(0, MAX_LISTED).map(({ name }) => name);
    const more = candidates.length > MAX_LISTED ? ", ..." : "";
    const available = names.length === 0 ? "none" : `${names.join(", ")}${more}`;
    throw new RangeError(
      `selector: expected latest, best or an existing one (${available}), got ${formatValue(selector)}`,
    );
  }
  return { name: found.name, path: found.path, ...(await loadNamed(found, options)) };
}
