import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { resolveSettings } from "../config.js";
import type { Settings } from "../flags.js";
import { UsageError } from "../usage-error.js";

/**
 * The settings that a run was trained with, from its config.json.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not one.
 */
export function readRun(run: string): Settings {
  const config = join(run, "config.json");
  try {
    if (!statSync(run).isDirectory()) throw noRun(`the file ${run}`);
    readFileSync(config);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(run, error as NodeJS.ErrnoException);
  }
  return resolveSettings({}, config);
}

function unreadable(run: string, { code, message, path }: NodeJS.ErrnoException): UsageError {
  if (code === "ENOENT") return noRun(path === run ? `${run}, which is not there` : `${run}, which has no config.json`);
  return noRun(`${run} (${message})`);
}

function noRun(got: string): UsageError {
  return new UsageError(`expected the folder of a run, got ${got}`);
}
