import { visibleLine } from "@dnc/report";

/** A file of a run cannot be written, for instance because the disk is full. */
export class RunWriteError extends Error {
  /** Name of the error's class. */
  override readonly name = "RunWriteError";

  /**
   * Describes a file that could not be written.
   *
   * @param what - The file: its path, or a description with its path.
   * @param cause - The system's error.
   */
  constructor(what: string, cause: unknown) {
    super(`cannot write ${visibleLine(what)}: ${(cause as Error).message}`, { cause });
  }
}
