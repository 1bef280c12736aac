import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The program of the command line. */
export const PROGRAM = fileURLToPath(new URL("../../../trainer/bin/dnc.js", import.meta.url));

/** Runs `dnc`, and returns what it prints. */
export async function dnc(...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...words], { maxBuffer: 2 ** 26 });
  return stdout;
}

/** Runs a test with a new folder, which is removed afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "inspector-"));
  try {
    await test(folder);
  } finally {
    // A program that a failed test has left may still write there.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** Writes files to a folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** Reads a file of a run as text. */
export function textOf(...path: readonly string[]): Promise<string> {
  return readFile(join(...path), "utf8");
}
