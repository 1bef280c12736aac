/** Sums over the iterations since the last report: plain data for a checkpoint. */
export type IntervalSums = {
  /** Number of iterations. */
  readonly iterations: number;
  /** Sum of their losses. */
  readonly loss: number;
  /** Sum of the global norms of their gradients, before clipping. */
  readonly gradientNorm: number;
  /** Number of sequences without a wrong bit. */
  readonly exactMatch: number;
  /** Number of sequences. */
  readonly sequences: number;
};

/** Metrics of the iterations since the last report. */
export type IntervalMetrics = {
  /** Number of iterations. */
  readonly iterations: number;
  /** Mean loss per sequence; NaN before the first iteration. */
  readonly loss: number;
  /** Fraction of sequences without a wrong bit; NaN before the first iteration. */
  readonly exactMatch: number;
  /** Mean global norm of the gradients, before clipping; NaN before the first iteration. */
  readonly gradientNorm: number;
};

/** Sums before the first iteration. */
export const NO_SUMS: IntervalSums = { iterations: 0, loss: 0, gradientNorm: 0, exactMatch: 0, sequences: 0 };

/** Adds one iteration to the sums. */
export function addIteration(
  sums: IntervalSums,
  { loss, globalNorm, exactMatch = 0 }: { loss: number; globalNorm: number; exactMatch?: number | undefined },
  sequences: number,
): IntervalSums {
  return {
    iterations: sums.iterations + 1,
    loss: sums.loss + loss,
    gradientNorm: sums.gradientNorm + globalNorm,
    exactMatch: sums.exactMatch + exactMatch,
    sequences: sums.sequences + sequences,
  };
}

/** Computes the means. */
export function meansOf({ iterations, loss, gradientNorm, exactMatch, sequences }: IntervalSums): IntervalMetrics {
  return {
    iterations,
    loss: loss / iterations,
    exactMatch: exactMatch / sequences,
    gradientNorm: gradientNorm / iterations,
  };
}
