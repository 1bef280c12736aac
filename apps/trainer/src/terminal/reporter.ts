import type { RecordedReport } from "@dnc/runs";
import type { TrainingReport } from "@dnc/training";
import type { NextCommand } from "./next-commands.js";
import type { SampleTask } from "./sample/cells.js";

/** The part of a stream that a reporter needs. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  /** Returns the number of bits of a colour in an environment. */
  getColorDepth?(environment: object): number;
}

/** Progress of a run; means are since the last report. */
export type Progress = Omit<TrainingReport, "learningRate"> & {
  /** Total number of iterations. */
  readonly totalSteps: number;
  /** Remaining time in seconds, at the rate of this process. */
  readonly secondsLeft: number;
};

/** A report, as it was recorded. */
export type Report = RecordedReport & { readonly progress: Progress };

/** Displays a run. */
export interface Reporter {
  /**
   * Shows facts before the run starts, each with a label and a text. Samples are of the task; without one they are shown as the task
   * itself renders them.
   */
  start(facts: readonly (readonly [label: string, text: string])[], task: SampleTask | undefined): void;
  /** Shows progress; called after every iteration. */
  progress(progress: Progress): void;
  /** Shows a report. */
  report(report: Report): void;
  /** Shows a message at once. */
  notice(text: string): void;
  /** Shows the record of a failure for programs, as in metrics.jsonl. The error's message is printed elsewhere. */
  failure(record: object): void;
  /** Shows closing paragraphs, and the commands that come next; default: none. */
  end(paragraphs: readonly string[], commands?: readonly NextCommand[]): void;
}
