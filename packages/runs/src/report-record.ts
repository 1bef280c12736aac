/** A report as a line of metrics.jsonl has it; means are over the iterations since the report before. */
export type ReportRecord = {
  /** Iterations since the run began. */
  readonly step: number;
  /** In nats per sequence, for the built-in tasks. */
  readonly loss: number;
  /** Share of sequences without a wrong bit. */
  readonly exact_match: number;
  /** Global norm before clipping. */
  readonly gradient_norm: number;
  /** Iterations since the report before. */
  readonly iterations: number;
  /** Speed of this process. */
  readonly iterations_per_second: number;
  /** Time spent on training since the run began. */
  readonly seconds: number;
  /** Path of the sample inside the run's folder. */
  readonly sample: string;
};
