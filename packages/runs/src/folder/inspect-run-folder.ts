import { statSync } from "node:fs";
import { join } from "node:path";
import { visibleLine } from "@dnc/report";
import { lookAt } from "../files/absent.js";
import { RunFolderError } from "../run-folder-error.js";
import { CONFIG_FILE, RUN_PARTS } from "./run-parts.js";

/** How errors name a folder. */
export type LabelOptions = {
  /** Beginning of error messages, such as the flag that names the folder; default: "folder". */
  readonly label?: string | undefined;
};

/**
 * Inspects a path for a run; writes nothing.
 *
 * @param path - The folder, whether it exists or not.
 * @param options - How errors name it.
 * @returns `"new"` if a new run can have it, `"run"` if it holds one.
 * @throws RunFolderError if it is not a folder, or has something that a run would overwrite.
 */
export function inspectRunFolder(path: string, { label = "folder" }: LabelOptions = {}): "new" | "run" {
  let isFolder = true;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    // Not `throwIfNoEntry`, which from Node 22 on takes a path below a file for one that is free.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new RunFolderError(`${label}: expected a folder, got ${visibleLine(path)} (${(error as Error).message})`);
  }
  if (!isFolder) throw new RunFolderError(`${label}: expected a folder, got the file ${visibleLine(path)}`);
  let part: string | undefined;
  try {
    const has = (name: string) => lookAt(join(path, name)) !== undefined;
    if (has(CONFIG_FILE)) return "run";
    part = RUN_PARTS.find(has);
  } catch (error) {
    throw new RunFolderError(
      `${label}: expected a folder to read, got ${visibleLine(path)} (${(error as Error).message})`,
    );
  }
  if (part === undefined) return "new";
  throw new RunFolderError(
    `${label}: expected a new folder or a run's, got ${visibleLine(path)}, which has ${part} but no ${CONFIG_FILE}`,
  );
}
