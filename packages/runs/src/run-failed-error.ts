import { visibleLine } from "./visible.js";

/** The state of a run that has failed. */
type Details = {
  /** What went wrong, in words; more lines may follow. */
  readonly what: string;
  readonly cause: unknown;
  readonly step: number;
  readonly folder: string;
  readonly lastCheckpoint: string | undefined;
  readonly record?: object | undefined;
};

/** A run has ended before it was done. Everything that could be saved is saved. */
export class RunFailedError extends Error {
  override readonly name = "RunFailedError";
  /** Iterations done. */
  readonly step: number;
  /** The run's folder. */
  readonly folder: string;
  /** Path of the last good checkpoint; undefined if none was written. */
  readonly lastCheckpoint: string | undefined;
  /** The line of metrics.jsonl that describes the failure; undefined unless the run has diverged. */
  readonly record: object | undefined;

  /**
   * Describes a failure; the message ends with the last good checkpoint.
   *
   * @param details - The cause, and the state of the run.
   */
  constructor({ what, cause, step, folder, lastCheckpoint, record }: Details) {
    const last = lastCheckpoint === undefined ? "none was written" : visibleLine(lastCheckpoint);
    super(`${what}\nlast good checkpoint: ${last}`, { cause });
    this.step = step;
    this.folder = folder;
    this.lastCheckpoint = lastCheckpoint;
    this.record = record;
  }
}
