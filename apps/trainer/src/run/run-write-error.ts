import { shellWord } from "../terminal/shell-word.js";
import { visibleLine } from "../terminal/visible.js";

/** A file of a run cannot be written, for instance because the disk is full. */
export class RunWriteError extends Error {
  override readonly name = "RunWriteError";

  /** @param what - a path. */
  constructor(what: string, cause: unknown) {
    super(`cannot write ${visibleLine(what)}: ${(cause as Error).message}`, { cause });
  }

  /** Adds to the message what the user can do about it. */
  withLastCheckpoint(run: string, checkpoint: string | undefined): RunWriteError {
    const lines = [
      this.message,
      `last good checkpoint: ${(checkpoint && visibleLine(checkpoint)) ?? "none was written; --checkpoint_interval says how often one is"}`,
    ];
    const elsewhere = `dnc train --resume=${shellWord(run)} --checkpoint_dir=NEW_FOLDER resumes from it in another folder`;
    this.message = [...lines, ...(checkpoint === undefined ? [] : [elsewhere])].join("\n");
    return this;
  }
}
