/** A line of metrics.jsonl: a report, with means over the iterations since the previous one. */
export type ReportRecord = {
  /** Iterations since the run began. */
  readonly step: number;
  /** In nats per sequence, for the built-in tasks. */
  readonly loss: number;
  /** Fraction of sequences without a wrong bit. */
  readonly exact_match: number;
  /** Fraction of the held-out sequences without a wrong bit; absent unless the run measures it. */
  readonly held_out_exact_match?: number | undefined;
  /** With lessons: number of that of the last iteration, from 1. */
  readonly lesson?: number | undefined;
  /** With lessons: iterations after which it began. */
  readonly lesson_began?: number | undefined;
  /** Global norm of the gradients before clipping. */
  readonly gradient_norm: number;
  /** Iterations since the previous report. */
  readonly iterations: number;
  /** Speed of the process that wrote the report. */
  readonly iterations_per_second: number;
  /** Training time since the run began. */
  readonly seconds: number;
  /** Path of the sample inside the run's folder. */
  readonly sample: string;
};
