import { createHash } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointState } from "../checkpoint.js";
import { encodeSafetensors } from "../safetensors/index.js";
import type { StoredTensor } from "../stored-tensor.js";
import { replaceFile, syncFolder, writeNew } from "./durable.js";
import { stepName } from "./step-name.js";

/** What goes into a checkpoint. */
export interface CheckpointContents {
  readonly model: readonly StoredTensor[];
  readonly optimizer: readonly StoredTensor[];
  /** Plain JSON; its `loss`, if it has one, decides which checkpoint is the best. */
  readonly state: CheckpointState;
}

/** How to save. */
export interface SaveOptions {
  /** How many checkpoints stay, the newest first, besides the best; 5. */
  keep?: number;
}

/**
 * Writes `step-NNNNNNNN/` beside its place, flushes it, renames it, and lets `latest` name it last.
 *
 * @param folder - `checkpoints/` of a run; made if it is not there.
 * @returns the checkpoint's path.
 */
export async function saveCheckpoint(
  folder: string,
  { model, optimizer, state }: CheckpointContents,
  { keep: _keep = 5 }: SaveOptions = {},
): Promise<string> {
  const name = stepName(state.step);
  const [path, beside] = [join(folder, name), join(folder, `.${name}.new`)];
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  const files = {
    "model.safetensors": encodeSafetensors(model),
    "optimizer.safetensors": encodeSafetensors(optimizer),
  };
  const sha256: Record<string, string> = {};
  for (const [file, bytes] of Object.entries(files)) {
    await writeNew(join(beside, file), bytes);
    sha256[file] = createHash("sha256").update(bytes).digest("hex");
  }
  await writeNew(join(beside, "state.json"), `${JSON.stringify({ ...state, sha256 }, null, 2)}\n`);
  await syncFolder(beside);
  await rm(path, { recursive: true, force: true });
  await rename(beside, path);
  await syncFolder(folder);
  await replaceFile(join(folder, "latest"), `${name}\n`);
  return path;
}
