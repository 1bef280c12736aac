import type { BabiFileStories } from "./task/babi-source.js";
import type { TaskFile, TaskFileOptions } from "./task/task-file.js";

/**
 * What settings need of the machine on which they are used. A page has none of it: there the tasks are those of the library, with
 * generated stories.
 */
export interface Machine {
  /** Its memory in bytes; default: not known, and nothing is too large for it. */
  readonly memory?: number | undefined;
  /**
   * Returns the absolute path of a file or folder; default: paths stay as they are.
   *
   * @param path - path as the settings have it.
   */
  readonly absolutePath?: ((path: string) => string) | undefined;
  /**
   * Imports the file of a task and creates its task; default: such settings are an error.
   *
   * @param options - the file and the flags of its task.
   */
  readonly loadTaskFile?: ((options: TaskFileOptions) => Promise<TaskFile>) | undefined;
  /** Reads the stories of bAbI's files in a folder; default: such settings are an error. */
  readonly babiFiles?: BabiFileStories | undefined;
}
