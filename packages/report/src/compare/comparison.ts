import type { ConfigEntry } from "../config-table.js";
import type { Metrics } from "../metrics.js";
import type { GeneratedFacts } from "../run-report.js";

/** A run to compare with others. */
export type ComparedRun = {
  /** Name, such as its folder; different for each run. */
  readonly name: string;
  /** Seed of weights and data. Runs that differ only in their seeds are a group. */
  readonly seed: number;
  /** Metrics from `parseMetrics`, with at least one report. */
  readonly metrics: Metrics;
  /** The settings that affect the results, except the seed. */
  readonly config: readonly ConfigEntry[];
  /** Planned number of iterations. */
  readonly iterations?: number | undefined;
  /** Unit of the loss; default: nats per sequence. */
  readonly lossUnit?: string | undefined;
};

/** Contents of a page that compares runs. */
export type Comparison = {
  /** Heading of the page; default: the number of runs. */
  readonly title?: string | undefined;
  /** The runs, at least two. */
  readonly runs: readonly ComparedRun[];
  /** When and how the page was generated. */
  readonly generated?: GeneratedFacts | undefined;
};
