import { rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { encodeSafetensors } from "../safetensors/index.js";
import { describe, shown } from "../shown.js";
import { lostInJson } from "../state/plain-json.js";
import { sha256 } from "../state/sha256.js";
import { type CheckpointState, MAX_STATE_BYTES, RESERVED_KEYS, STATE_FILE, sealState } from "../state/state-json.js";
import type { StoredTensor } from "../stored-tensor.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { BEST_FILE, lossOf, rankedByLoss, readBestName } from "./best.js";
import { syncFolder, temporaryBeside, writeNew } from "./durable.js";
import { asidePath, type Candidate, LATEST_FILE, listCandidates, tidyLeftovers } from "./folder.js";
import { lookAt } from "./kind.js";
import { afterOthers } from "./queue.js";
import { stepName } from "./step-name.js";
import { attempt, moveAway, movePointer, type Undo } from "./undo.js";
import { forgetWhole, isWhole, rememberWhole } from "./whole.js";

/** What goes into a checkpoint. */
export interface CheckpointContents {
  /** The network's parameters, in the order that model.safetensors shall have. */
  readonly model: readonly StoredTensor[];
  /** What the optimizer has gathered, in the order that optimizer.safetensors shall have; may be empty. */
  readonly optimizer: readonly StoredTensor[];
  /**
   * Plain JSON without the keys `format`, `version` and `sha256`, at most 4 MiB of it; its `loss`, where that is a
   * number, decides which checkpoint is the best.
   */
  readonly state: CheckpointState;
}

/** How to save. */
export interface SaveOptions {
  /** How many checkpoints stay, the newest first, besides the best: an integer of at least 1; 5. */
  readonly keep?: number | undefined;
}

/** A checkpoint as its files will hold it; it shares nothing with what it was made of. */
type Snapshot = {
  readonly name: string;
  readonly step: number;
  readonly loss: number | undefined;
  readonly model: Uint8Array;
  readonly optimizer: Uint8Array;
  readonly stateJson: string;
};

/**
 * Saves a checkpoint whole or not at all, as `step-NNNNNNNN/` with `model.safetensors`, `optimizer.safetensors` and
 * `state.json`.
 *
 * The files are written in a folder of another name, flushed to the disk and renamed into place, where a checkpoint of
 * the same step is replaced; then `best` names it if its loss is the least there, and last `latest` names it. After
 * that only the newest `keep` of the steps up to this one stay, and the best. What a killed process left half done is
 * tidied first. Saves to one folder take place one after the other.
 *
 * Only checkpoints that are whole count, and only they are deleted or replaced. A damaged one stays, and so does one that
 * cannot be opened here; where one of the same step is saved it is set aside, as `step-NNNNNNNN.aside`.
 *
 * The contents are copied before this returns its promise: the caller may change them at once. Hashing and waiting for the
 * disk are done on other threads.
 *
 * @param folder - `checkpoints/` of a run; made if it is not there.
 * @param contents - model, optimizer and state; the step of the state names the checkpoint.
 * @param options - `keep`: how many of the newest checkpoints stay, 5 by default.
 * @returns the checkpoint's path.
 * @throws RangeError if the step is no integer from 0 to 2^53 - 1, `keep` none of at least 1, a key of the state is
 *   reserved, or tensors do not fit the format; TypeError if the state is not plain JSON: the message names the place;
 *   Error of the file system, such as ENOSPC: then the folder is as it was, unless old checkpoints were being removed,
 *   when the new one is there already.
 */
export async function saveCheckpoint(
  folder: string,
  contents: CheckpointContents,
  { keep = 5 }: SaveOptions = {},
): Promise<string> {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new RangeError(`keep: expected an integer of at least 1, got ${describe(keep)}`);
  const snapshot = snapshotOf(contents);
  return afterOthers(resolve(folder), async () => {
    const files = await filesOf(snapshot);
    await mkdir(folder, { recursive: true });
    await tidyLeftovers(folder);
    const names = await bestWith(folder, snapshot);
    await attempt((undo) => place(folder, snapshot, files, names, undo));
    await rm(asidePath(folder, snapshot.name, "old"), { recursive: true, force: true });
    await rememberWhole(join(folder, snapshot.name));
    await removeOthers(folder, snapshot.step, keep, names.best);
    return join(folder, snapshot.name);
  });
}

function snapshotOf({ model, optimizer, state }: CheckpointContents): Snapshot {
  const lost = lostInJson(state);
  if (lost !== undefined) throw new TypeError(`state${lost}`);
  const name = stepName(state.step);
  const reserved = RESERVED_KEYS.find((key) => Object.hasOwn(state, key));
  if (reserved !== undefined)
    throw new RangeError(`state: expected other keys than ${shown(reserved)}, which is reserved`);
  return {
    name,
    step: state.step,
    loss: lossOf(state),
    model: encodeSafetensors(model),
    optimizer: encodeSafetensors(optimizer),
    stateJson: JSON.stringify(state),
  };
}

async function filesOf({ model, optimizer, stateJson }: Snapshot): Promise<[name: string, bytes: Uint8Array][]> {
  const hashes = {
    "model.safetensors": await sha256(model),
    "optimizer.safetensors": await sha256(optimizer),
  };
  const state = new TextEncoder().encode(await sealState(JSON.parse(stateJson), hashes));
  if (state.length > MAX_STATE_BYTES)
    throw new RangeError(`state: expected at most ${MAX_STATE_BYTES} bytes of JSON, got ${state.length}`);
  return [
    ["model.safetensors", model],
    ["optimizer.safetensors", optimizer],
    [STATE_FILE, state],
  ];
}

/** Which checkpoint is the best, and which one `best` says. */
type BestNames = { readonly best: string | undefined; readonly named: string | undefined };

/** The checkpoint with the least loss once this one is there; of equals the earlier. One that cannot be read stays the best. */
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

/** @throws what the file system said, where that is why something cannot be read. */
function systemError(error: unknown): never {
  throw error instanceof UnreadableCheckpointError && error.cause !== undefined ? error.cause : error;
}

/** Everything that needs room on the disk comes first; from the first move on there are only renames. */
async function place(
  folder: string,
  { name, step }: Snapshot,
  files: readonly [name: string, bytes: Uint8Array][],
  { best, named }: BestNames,
  undo: Undo,
): Promise<void> {
  const [path, beside] = [join(folder, name), asidePath(folder, name, "new")];
  undo(() => rm(beside, { recursive: true, force: true }));
  await mkdir(beside);
  for (const [file, bytes] of files) await writeNew(join(beside, file), bytes);
  await syncFolder(beside);
  const pointers = {
    ...(best !== undefined && best !== named && { [BEST_FILE]: best }),
    [LATEST_FILE]: name,
  };
  const moves: [from: string, to: string][] = [];
  for (const [pointer, text] of Object.entries(pointers)) {
    const to = join(folder, pointer);
    const from = temporaryBeside(to);
    undo(() => rm(from, { force: true }));
    await writeNew(from, `${text}\n`);
    moves.push([from, to]);
  }
  const isReplaced = await isWhole({ name, step, path });
  forgetWhole(path);
  await moveAway(path, isReplaced ? asidePath(folder, name, "old") : await freePath(`${path}.aside`), undo);
  await rename(beside, path);
  undo(() => rename(path, beside));
  await syncFolder(folder);
  for (const [from, to] of moves) await movePointer(from, to, undo);
  await syncFolder(folder);
}

/** The path, or where that is taken `path-2`, `path-3` and so on. */
async function freePath(path: string): Promise<string> {
  let free = path;
  for (let number = 2; (await lookAt(free)) !== undefined; number++) free = `${path}-${number}`;
  return free;
}

async function removeOthers(folder: string, step: number, keep: number, best: string | undefined): Promise<void> {
  let kept = 0;
  for (const candidate of await candidatesIn(folder)) {
    if (!(await isWhole(candidate))) continue;
    if (candidate.step <= step && kept++ < keep) continue;
    if (candidate.name === best) continue;
    const removed = asidePath(folder, candidate.name, "removed");
    await rename(candidate.path, removed);
    forgetWhole(candidate.path);
    // Off this thread it takes ten times as long, in time of the processors too.
    rmSync(removed, { recursive: true, force: true });
  }
}
