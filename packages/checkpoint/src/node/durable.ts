import { type FileHandle, open, rename, rm } from "node:fs/promises";

/** Writes a file that must not be there yet, and flushes it to the disk. */
export async function writeNew(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a file in the place of whatever was there, in one step. */
export async function replaceFile(path: string, data: string): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  await writeNew(beside, data);
  await rename(beside, path);
}

/** Flushes a folder's list of names, where the system lets one. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, "r");
    await folder.sync();
  } catch {
    // Windows opens no folders.
  } finally {
    await folder?.close();
  }
}
