import { statSync } from "node:fs";
import { join } from "node:path";
import { visibleLine } from "@dnc/report";
import { lstatIfPresent } from "../files/not-found.js";
import { RunFolderError } from "../run-folder-error.js";
import { CONFIG_FILE, RUN_PARTS } from "./run-parts.js";

/** Name of a folder in errors. */
export type LabelOptions = {
  /** Beginning of error messages, such as the flag that names the folder; default: "folder". */
  readonly label?: string | undefined;
};

/**
 * Checks whether a folder holds a run; writes nothing.
 *
 * @param path - The folder, which may not exist.
 * @param options - Name of the folder in errors.
 * @returns `"new"` if a new run can use it, `"run"` if it holds a run.
 * @throws RunFolderError if it is not a folder, or has something that a run would overwrite.
 */
export function inspectRunFolder(path: string, { label = "folder" }: LabelOptions = {}): "new" | "run" {
  let isFolder = true;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    // `throwIfNoEntry` would not do: since Node 22 it also hides ENOTDIR, of a path below a file.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new RunFolderError(`${label}: expected a folder, got ${visibleLine(path)} (${(error as Error).message})`);
  }
  if (!isFolder) throw new RunFolderError(`${label}: expected a folder, got the file ${visibleLine(path)}`);
  let part: string | undefined;
  try {
    const has = (name: string) => lstatIfPresent(join(path, name)) !== undefined;
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
