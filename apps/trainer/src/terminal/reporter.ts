import type { ReportRecord } from "@dnc/runs";
import type { TrainingReport } from "@dnc/training";
import type { NextCommand } from "./next-commands.js";

/** The part of a stream that a reporter needs. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Progress of a run; means are since the last report. */
export type Progress = Omit<TrainingReport, "learningRate"> & {
  /** Total number of iterations. */
  readonly totalSteps: number;
  /** Remaining time in seconds, at the rate of this process. */
  readonly secondsLeft: number;
};

/** Displays a run. */
export interface Reporter {
  /** Shows facts before the run starts, each with a label and a text. */
  start(facts: readonly (readonly [label: string, text: string])[]): void;
  /** Shows progress; called after every iteration. */
  progress(progress: Progress): void;
  /** Shows a report. */
  report(report: { readonly progress: Progress; readonly record: ReportRecord; readonly sample: string }): void;
  /** Shows a message at once. */
  notice(text: string): void;
  /** Shows the record of a failure for programs, as in metrics.jsonl. The error's message is printed elsewhere. */
  failure(record: object): void;
  /** Shows closing paragraphs, and the commands that come next; default: none. */
  end(paragraphs: readonly string[], commands?: readonly NextCommand[]): void;
}
