import type { MetricsRecord } from "@dnc/report";

/** What is known of a training, in the page or elsewhere. */
export interface Learning {
  /** Name of the run. */
  readonly name: string;
  /** Reports in the order of their iterations. */
  readonly reports: readonly MetricsRecord[];
  /** The iterations since the last report, if they are known before the next one. */
  readonly progress?: MetricsRecord | undefined;
  /** Losses between reports, in the order of their iterations: few iterations each. */
  readonly between?: readonly LossPoint[] | undefined;
  /** Iterations of the whole run; undefined: not known. */
  readonly iterations?: number | undefined;
  /** A sequence of the last report in the form of the task. */
  readonly sample?: string | undefined;
  /** Why the run has ended early. */
  readonly error?: string | undefined;
  /** Learning rate of the next iteration; undefined: not known. */
  readonly learningRate?: number | undefined;
}

/** Mean loss of some iterations, and the fraction of their sequences without an error. */
export interface LossPoint {
  /** The last of these iterations. */
  readonly step: number;
  readonly loss: number;
  readonly exactMatch: number;
}
