/** Temporary folders that are kept if something fails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Works in a new folder, which is removed afterwards. If the work fails, the folder is kept, and the error's message
 * names it.
 *
 * @param {string} prefix - prefix of the folder's name.
 * @param {(folder: string) => Promise<T>} work
 * @template T
 */
export async function inFolder(prefix, work) {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  let result;
  try {
    result = await work(folder);
  } catch (error) {
    error.message += `\nkept: ${folder}`;
    throw error;
  }
  rmSync(folder, { recursive: true, force: true });
  return result;
}
