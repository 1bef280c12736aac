import { visibleLine } from "@dnc/report";

/** How a run has failed, and how far it has come. */
export type RunFailure = {
  /** What went wrong, in words; more lines may follow the first. */
  readonly what: string;
  /** What training threw, or why a file could not be written. */
  readonly cause: unknown;
  /** Iterations done. */
  readonly step: number;
  /** The run's folder. */
  readonly folder: string;
  /** Path of the last good checkpoint; undefined if none was written. */
  readonly lastCheckpoint: string | undefined;
  /** The line of metrics.jsonl that describes the failure; absent unless the run has diverged. */
  readonly record?: object | undefined;
};

/** A run has ended before it was done. Everything that could be saved is saved. */
export class RunFailedError extends Error {
  /** Tells it from other errors. */
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
   * @param failure - The cause, and how far the run has come.
   */
  constructor(failure: RunFailure) {
    const { what, cause, step, folder, lastCheckpoint, record } = failure;
    const last = lastCheckpoint === undefined ? "none was written" : visibleLine(lastCheckpoint);
    super(`${what}\nlast good checkpoint: ${last}`, { cause });
    this.step = step;
    this.folder = folder;
    this.lastCheckpoint = lastCheckpoint;
    this.record = record;
  }
}
