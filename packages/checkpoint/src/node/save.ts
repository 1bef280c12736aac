import { rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { type CheckpointContents, encodeSnapshot, type Snapshot, snapshotOf } from "../encode-checkpoint.js";
import { formatValue } from "../format-value.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { BEST_FILE, rankedByLoss, readBestName } from "./best.js";
import { syncFolder, temporarySibling, writeFileExclusive } from "./durable.js";
import { type Candidate, LATEST_FILE, listCandidates, removeTemporaryFiles, temporaryPath } from "./folder.js";
import { forgetIntact, isIntact, rememberIntact } from "./intact.js";
import { runExclusive } from "./queue.js";
import { statusAt } from "./status.js";
import { attempt, moveAway, movePointer, type Undo } from "./undo.js";

/** Options of `saveCheckpoint`. */
export interface SaveOptions {
  /** How many of the newest checkpoints to keep in addition to the best; an integer of at least 1; default: 5. */
  readonly keep?: number | undefined;
}

/**
 * Saves a checkpoint atomically, as `step-NNNNNNNN/` with `model.safetensors`, `optimizer.safetensors` and `state.json`.
 *
 *     const model = await readTensors(network.variables);
 *     await saveCheckpoint("runs/1/checkpoints", { model, optimizer: [], state: { step: 100, loss: 0.5 } });
 *
 * The files are written to a temporary folder, flushed to the disk and renamed into place, replacing a checkpoint of
 * the same step. Then `best` is updated if this loss is the lowest, and finally `latest`. Of the steps up to this one,
 * only the newest `keep` and the best are kept; later steps are removed. Temporary files of a killed process are
 * removed first. Saves to the same folder run sequentially.
 *
 * Only intact checkpoints are counted, deleted or replaced. A checkpoint that is damaged or cannot be opened is left
 * where it is, or renamed to `step-NNNNNNNN.aside` if one of the same step is saved.
 *
 * The contents are copied before this returns, so the caller may change them at once. Hashing and waiting for the disk
 * run on other threads.
 *
 * @param folder - `checkpoints/` of a run; created if missing.
 * @param contents - model, optimizer and state; the step of the state names the checkpoint.
 * @param options - `keep`: how many of the newest checkpoints to keep; default: 5.
 * @returns the checkpoint's path.
 * @throws RangeError if the step is not an integer from 0 to 2^53 - 1, `keep` not an integer of at least 1, a key of the
 *   state is reserved, or tensors do not fit the format; TypeError if the state is not plain JSON, naming the value's path;
 *   Error of the file system, such as ENOSPC: then the folder is unchanged, unless removing old checkpoints failed, when
 *   the new one exists already.
 */
export async function saveCheckpoint(
  folder: string,
  contents: CheckpointContents,
  { keep = 5 }: SaveOptions = {},
): Promise<string> {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new RangeError(`keep: expected an integer of at least 1, got ${formatValue(keep)}`);
  const snapshot = snapshotOf(contents);
  return runExclusive(resolve(folder), async () => {
    const files = Object.entries(await encodeSnapshot(snapshot));
    await mkdir(folder, { recursive: true });
    await removeTemporaryFiles(folder);
    const names = await bestWith(folder, snapshot);
    await attempt((undo) => place(folder, snapshot, files, names, undo));
    await rm(temporaryPath(folder, snapshot.name, "old"), { recursive: true, force: true });
    await rememberIntact(join(folder, snapshot.name));
    await removeOthers(folder, snapshot.step, keep, names.best);
    return join(folder, snapshot.name);
  });
}

/** The best checkpoint, and the one named in the file `best`. */
type BestNames = { readonly best: string | undefined; readonly named: string | undefined };

/**
 * Finds the checkpoint with the lowest loss, including the new one; ties go to the earlier step. The best checkpoint so
 * far remains the best if it cannot be read.
 */
async function bestWith(folder: string, { name, loss }: Snapshot): Promise<BestNames> {
  const others = (await candidatesIn(folder)).filter((candidate) => candidate.name !== name);
  const named = await bestName(folder);
  let isUnread = false;
  const [leader] = await rankedByLoss(
    others.filter((candidate) => candidate.name === named),
    () => {
      isUnread = true;
    },
  );
  if (isUnread) return { best: named, named };
  const rival = leader ?? (await rankedByLoss(others, () => {}))[0];
  const best = loss !== undefined && (rival === undefined || loss < rival.loss) ? name : rival?.name;
  return { best, named };
}

async function candidatesIn(folder: string): Promise<readonly Candidate[]> {
  return (await listCandidates(folder).catch(systemError)) ?? [];
}

async function bestName(folder: string): Promise<string | undefined> {
  try {
    return await readBestName(folder);
  } catch (error) {
    if (error instanceof DamagedCheckpointError) return undefined;
    return systemError(error);
  }
}

/** Throws the file system's error if that is the cause, otherwise the error itself. */
function systemError(error: unknown): never {
  throw error instanceof UnreadableCheckpointError && error.cause !== undefined ? error.cause : error;
}

/**
 * Writes and renames the files. Everything that needs disk space is done first; after the first rename there are only
 * renames.
 */
async function place(
  folder: string,
  { name, step }: Snapshot,
  files: readonly [name: string, bytes: Uint8Array][],
  { best, named }: BestNames,
  undo: Undo,
): Promise<void> {
  const [path, draft] = [join(folder, name), temporaryPath(folder, name, "new")];
  undo(() => rm(draft, { recursive: true, force: true }));
  await mkdir(draft);
  for (const [file, bytes] of files) await writeFileExclusive(join(draft, file), bytes);
  await syncFolder(draft);
  const pointers = {
    ...(best !== undefined && best !== named && { [BEST_FILE]: best }),
    [LATEST_FILE]: name,
  };
  const moves: [from: string, to: string][] = [];
  for (const [pointer, text] of Object.entries(pointers)) {
    const to = join(folder, pointer);
    const from = temporarySibling(to);
    undo(() => rm(from, { force: true }));
    await writeFileExclusive(from, `${text}\n`);
    moves.push([from, to]);
  }
  const isReplaced = await isIntact({ name, step, path });
  forgetIntact(path);
  await moveAway(path, isReplaced ? temporaryPath(folder, name, "old") : await freePath(`${path}.aside`), undo);
  await rename(draft, path);
  undo(() => rename(path, draft));
  await syncFolder(folder);
  for (const [from, to] of moves) await movePointer(from, to, undo);
  await syncFolder(folder);
}

/** Returns the path or, if it exists, `path-2`, `path-3` and so on. */
async function freePath(path: string): Promise<string> {
  let free = path;
  for (let number = 2; (await statusAt(free)) !== undefined; number++) free = `${path}-${number}`;
  return free;
}

async function removeOthers(folder: string, step: number, keep: number, best: string | undefined): Promise<void> {
  let kept = 0;
  for (const candidate of await candidatesIn(folder)) {
    if (!(await isIntact(candidate))) continue;
    if (candidate.step <= step && kept++ < keep) continue;
    if (candidate.name === best) continue;
    const removed = temporaryPath(folder, candidate.name, "removed");
    await rename(candidate.path, removed);
    forgetIntact(candidate.path);
    // Synchronous: on another thread this takes ten times as long, in CPU time too.
    rmSync(removed, { recursive: true, force: true });
  }
}
