/** A report as a line of metrics.jsonl has it; means are over the iterations since the report before. */
export type ReportRecord = {
  /** Iterations since the run began. */
  readonly step: number;
  readonly loss: number;
  /** Share of sequences without a wrong bit. */
  readonly exact_match: number;
  readonly gradient_norm: number;
  /** Iterations since the report before. */
  readonly iterations: number;
  readonly iterations_per_second: number;
  /** Time spent on training since the run began. */
  readonly seconds: number;
  /** Path of the sample inside the run's folder. */
  readonly sample: string;
};
