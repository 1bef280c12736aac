import type { ConfigEntry } from "../config-table.js";
import type { Metrics } from "../metrics.js";
import type { GeneratedFacts, SequenceTrace } from "../run-report.js";

/** A value of a setting that varies. */
export type SettingValue = string | number | boolean;

/**
 * How a run of a sweep ended: `finished` has trained to its end, `stopped` was ended by a stop rule, `failed` diverged or was given up;
 * `unfinished` has begun and may go on, `waiting` has not begun.
 */
export type SweptRunStatus = "finished" | "stopped" | "failed" | "unfinished" | "waiting";

/** A run of a sweep. */
export type SweptRun = {
  /** Name; different for each run. */
  readonly name: string;
  /** Seed of weights and data. Runs that differ only in their seeds are one setting. */
  readonly seed: number;
  /** Values of the settings that vary, by their names. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** How it ended. */
  readonly status: SweptRunStatus;
  /** Why it failed or was stopped, in a few words; default: the error of its metrics. */
  readonly reason?: string | undefined;
  /** Metrics from `parseMetrics`, of which the last report is the run's result; a run that waits has none. */
  readonly metrics: Metrics;
};

/** A setting that varies. */
export type SweptSetting = {
  /** Its name, as in the settings of the runs. */
  readonly name: string;
  /** How its values were chosen: from a list, at even distances, or with even distances of their logarithms. Default: "list". */
  readonly kind?: "list" | "linear" | "logarithmic" | undefined;
};

/** What a sweep measures: a number of a run's last report. */
export type SweepMetric = {
  /** Which number. */
  readonly name: "loss" | "exact_match" | "held_out_exact_match";
  /** Which end is better; default: to minimize a loss, to maximize exact match. */
  readonly goal?: "minimize" | "maximize" | undefined;
};

/** Contents of a sweep's page. */
export type Sweep = {
  /** Heading of the page; default: the number of runs. */
  readonly title?: string | undefined;
  /** The preset that all runs begin with. */
  readonly preset?: string | undefined;
  /** The settings that vary, in their order. */
  readonly settings: readonly SweptSetting[];
  /** What is measured. */
  readonly metric: SweepMetric;
  /**
   * Minutes of training after which each run ends, if that is what ends it. Settings are compared at equal time then: their curves are
   * shown by time too.
   */
  readonly minutes?: number | undefined;
  /** All planned runs, at least one, in their order. */
  readonly runs: readonly SweptRun[];
  /** Unit of the loss; default: nats per sequence. */
  readonly lossUnit?: string | undefined;
  /** The memory at work in the best run; default: not shown. */
  readonly bestTrace?: SequenceTrace | undefined;
  /** The settings of the best run. */
  readonly bestConfig?: readonly ConfigEntry[] | undefined;
  /** The command line that trains the best run. */
  readonly bestCommand?: string | undefined;
  /** The command line that repeats the sweep. */
  readonly command?: string | undefined;
  /** When and how the page was generated. */
  readonly generated?: GeneratedFacts | undefined;
};
