/** What the files of presets hold: settings of a run, and how its network is graded. */
import type { FlagValue } from "./flags/flag-value.js";
import type { RunRecord } from "./flags/run-record.js";

/** The metrics of grades. */
export const METRICS = [
  "exact match",
  "bits per sequence",
  "bits above the optimum",
  "constraints satisfied",
  "question error",
  "word error",
  "allocation gate contrast",
  "freed slots contrast",
  "slots per pattern",
] as const;

/** Name of a metric of grades. */
export type MetricName = (typeof METRICS)[number];

/** What a network must reach on new sequences. */
export interface Criterion {
  /** Which sequences: `lengths 1 to 20`. */
  readonly on: string;
  /** What is measured. */
  readonly metric: MetricName;
  /** Lower bound; absent if there is an upper one. */
  readonly atLeast?: number | undefined;
  /** Upper bound; absent if there is a lower one. */
  readonly atMost?: number | undefined;
  /** Number of new sequences; "all": those of a set that is measured whole, such as the test stories of bAbI. */
  readonly sequences: number | "all";
  /** Settings of the task or the memory that differ from the run's, under the names of flags; default: none. */
  readonly settings?: Readonly<Record<string, FlagValue>> | undefined;
  /** What was published, with its source; absent if nothing was. */
  readonly published?: string | undefined;
}

/** A preset, as its JSON file has it. */
export interface Preset {
  /** What it trains, in one line. */
  readonly description: string;
  /** Where task and sizes are from. */
  readonly source: string;
  /** Minutes on two cores, measured; null: it was not run. */
  readonly minutes: number | null;
  /** Flags of `dnc train`, `task_flags`, and `lessons` with their `promotion`. */
  readonly settings: Readonly<Record<string, unknown>> &
    Readonly<Record<"task", string>> &
    Pick<RunRecord, "lessons" | "promotion">;
  /** What its network must reach. */
  readonly grade: readonly Criterion[];
}
