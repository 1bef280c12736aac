import { visibleLine } from "@dnc/report";

/** A file of a run cannot be written, for instance because the disk is full. */
export class RunWriteError extends Error {
  /** Tells it from other errors. */
  override readonly name = "RunWriteError";

  /**
   * Describes what could not be written.
   *
   * @param what - A path.
   * @param cause - The system's error.
   */
  constructor(what: string, cause: unknown) {
    super(`cannot write ${visibleLine(what)}: ${(cause as Error).message}`, { cause });
  }
}
