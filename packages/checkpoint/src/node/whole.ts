import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate } from "./folder.js";
import { lookAt } from "./kind.js";
import { loadNamed } from "./load.js";

const FILES = ["state.json", "model.safetensors", "optimizer.safetensors"];

/** Checkpoints that were found whole, by path, and what their files looked like then: none is read twice. */
const known = new Map<string, string>();

/** Whether there is a checkpoint that this release can open to the last byte: only such a one may be deleted. */
export async function isWhole({ name, step, path }: Candidate): Promise<boolean> {
  try {
    const looks = await looksOf(path);
    if (known.get(path) === looks) return true;
    await loadNamed(name, step, path);
    known.set(path, looks);
    return true;
  } catch {
    // Damaged, of a later release, not given out by the file system: all the same to who must not delete it.
    return false;
  }
}

/** Says that a checkpoint has just been saved, so that it need not be read to be known. */
export async function rememberWhole(path: string): Promise<void> {
  // Where that fails it will be read.
  const looks = await looksOf(path).catch(() => undefined);
  if (looks !== undefined) known.set(path, looks);
}

/** Says that a checkpoint is no longer there. */
export function forgetWhole(path: string): void {
  known.delete(path);
}

/** Changes with whatever is written to a checkpoint. */
async function looksOf(path: string): Promise<string> {
  if (!(await lookAt(path))?.isDirectory()) throw new Error("no folder");
  const looks = await Promise.all(FILES.map((file) => lstat(join(path, file))));
  return looks.map(({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs].join()).join(" ");
}
