import type { TrainingReport } from "@dnc/training";

/** What a reporter writes to: the parts of a process's streams that it needs. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Progress of a run; means are since the last report. */
export type Progress = Omit<TrainingReport, "learningRate"> & {
  /** Iterations in all. */
  readonly totalSteps: number;
  /** At the rate of this process. */
  readonly secondsLeft: number;
};

/** One report, as metrics.jsonl and `--json` have it. */
export type ReportRecord = {
  readonly step: number;
  readonly loss: number;
  readonly exact_match: number;
  readonly gradient_norm: number;
  readonly iterations: number;
  readonly iterations_per_second: number;
  readonly seconds: number;
  readonly sample: string;
};

/** Shows a run to someone. */
export interface Reporter {
  /** Facts about the run before it begins, a label and a text each. */
  start(facts: readonly (readonly [label: string, text: string])[]): void;
  /** After every iteration. */
  progress(progress: Progress): void;
  /** Once an interval. */
  report(report: { readonly progress: Progress; readonly record: ReportRecord; readonly sample: string }): void;
  /** Something that cannot wait. */
  notice(text: string): void;
  /** What ended the run before its time, as metrics.jsonl has it; people get it as an error's message. */
  failure(record: object): void;
  /** Closing paragraphs. */
  end(paragraphs: readonly string[]): void;
}
