import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate } from "./folder.js";
import { loadNamed } from "./load.js";
import { statusAt } from "./status.js";

const FILES = ["state.json", "model.safetensors", "optimizer.safetensors"];

/** Checkpoints known to be intact, by path, with the status of their files at that time, so that none is read twice. */
const known = new Map<string, string>();

/** Whether there is a checkpoint that this release can open completely; only such checkpoints may be deleted. */
export async function isIntact(candidate: Candidate): Promise<boolean> {
  const { path } = candidate;
  try {
    const status = await statusOf(path);
    if (known.get(path) === status) return true;
    await loadNamed(candidate);
    known.set(path, status);
    return true;
  } catch {
    // Damaged, of a later release or not accessible: whatever the reason, it must not be deleted.
    return false;
  }
}

/** Records that a checkpoint has just been saved, so that it need not be read. */
export async function rememberIntact(path: string): Promise<void> {
  // If this fails, the checkpoint will be read.
  const status = await statusOf(path).catch(() => undefined);
  if (status !== undefined) known.set(path, status);
}

/** Forgets a checkpoint that is being moved or deleted. */
export function forgetIntact(path: string): void {
  known.delete(path);
}

/** Status of a checkpoint's files; it changes whenever one of them is written. */
async function statusOf(path: string): Promise<string> {
  if (!(await statusAt(path))?.isDirectory()) throw new Error("no folder");
  const status = await Promise.all(FILES.map((file) => lstat(join(path, file))));
  return status.map(({ ino, size, mtimeMs, ctimeMs }) => [ino, size, mtimeMs, ctimeMs].join()).join(" ");
}
