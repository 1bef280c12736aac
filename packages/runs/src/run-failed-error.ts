import { visibleLine } from "@dnc/report";

/** Details of a failed run, for `RunFailedError`. */
export type RunFailure = {
  /** Description of the failure; it may have several lines. */
  readonly what: string;
  /** The error that training threw, or the one of a file that could not be written. */
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

/** A run ended before it was complete. Everything that could be saved has been saved. */
export class RunFailedError extends Error {
  /** Name of the error's class. */
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
   * @param failure - Description and cause, and the state of the run.
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
