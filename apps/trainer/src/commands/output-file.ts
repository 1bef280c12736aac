import { statSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "@dnc/checkpoint/node";
import { UsageError } from "../usage-error.js";
import { visibleLine } from "../visible.js";

/**
 * Refuses a file that cannot be written, before anything is computed for it.
 *
 * @throws UsageError if it is a folder, or its folder is none.
 */
export function checkOutputFile(path: string): void {
  try {
    if (!statSync(dirname(path)).isDirectory()) throw notWritable(path, `${visibleLine(dirname(path))} is no folder`);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw notWritable(path, "a folder");
  } catch (error) {
    throw error instanceof UsageError ? error : notWritable(path, (error as Error).message);
  }
}

/**
 * Writes a file beside its place and puts it there in one step, whatever was there.
 *
 * @throws UsageError if it cannot be written.
 */
export async function writeOutputFile(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text);
  } catch (error) {
    throw notWritable(path, (error as Error).message);
  }
}

function notWritable(path: string, why: string): UsageError {
  return new UsageError(`--out: expected a file to write, got ${visibleLine(path)} (${why})`);
}
