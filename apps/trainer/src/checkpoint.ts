import { createHash } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NamedVariable } from "@dnc/controller";
import { replaceFile, syncFolder, writeNew } from "./durable.js";
import { stepName } from "./run-folder.js";
import { encodeSafetensors, type StoredTensor } from "./safetensors.js";

/** What a checkpoint holds besides tensors; plain data. */
export type CheckpointState = { readonly step: number; readonly [key: string]: unknown };

/** All values of variables, off the backend. */
export async function readVariables(variables: readonly NamedVariable[]): Promise<StoredTensor[]> {
  return Promise.all(
    variables.map(async ({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: (await variable.data()) as Float32Array,
    })),
  );
}

/**
 * Writes `step-NNNNNNNN/` beside its place, flushes it, renames it, and lets `latest` name it last: a checkpoint
 * appears whole or not at all.
 *
 * @param folder - `checkpoints/` of a run.
 * @returns the checkpoint's path.
 */
export async function saveCheckpoint(
  folder: string,
  tensors: { readonly model: readonly StoredTensor[]; readonly optimizer: readonly StoredTensor[] },
  state: CheckpointState,
): Promise<string> {
  const name = stepName(state.step);
  const [path, beside] = [join(folder, name), join(folder, `.${name}.new`)];
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  const files = {
    "model.safetensors": encodeSafetensors(tensors.model),
    "optimizer.safetensors": encodeSafetensors(tensors.optimizer),
  };
  const sha256: Record<string, string> = {};
  for (const [file, bytes] of Object.entries(files)) {
    await writeNew(join(beside, file), bytes);
    sha256[file] = createHash("sha256").update(bytes).digest("hex");
  }
  await writeNew(join(beside, "state.json"), `${JSON.stringify({ ...state, sha256 }, null, 2)}\n`);
  await syncFolder(beside);
  await rename(beside, path);
  await syncFolder(folder);
  await replaceFile(join(folder, "latest"), `${name}\n`);
  return path;
}
