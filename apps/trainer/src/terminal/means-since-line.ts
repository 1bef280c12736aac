import type { Progress } from "./reporter.js";

/** Sums since the run began in this process. */
export type Sums = { readonly iterations: number; readonly loss: number; readonly exactMatch: number };

/** Decimals of a fraction beyond which there is only the rounding of sums: 1 has to stay 1. */
const DECIMALS = 1e9;

/**
 * Means of loss and exact match since the last line on the terminal. The progress of a run has them since the last report of
 * the run, which may be a shorter or a longer time.
 */
export class MeansSinceLine {
  /** Sums of the reports before the current one. */
  #reported: Sums = { iterations: 0, loss: 0, exactMatch: 0 };
  /** All sums when the last line was shown. */
  #shown = this.#reported;

  /** Adds a progress to the sums of the reports before it. */
  sumsAt({ iterations, loss, exactMatch }: Progress): Sums {
    const before = this.#reported;
    return {
      iterations: before.iterations + iterations,
      loss: before.loss + iterations * loss,
      exactMatch: before.exactMatch + iterations * exactMatch,
    };
  }

  /** Begins the next interval, whose progress has means of its own; returns the sums up to this report. */
  endInterval(report: Progress): Sums {
    this.#reported = this.sumsAt(report);
    return this.#reported;
  }

  /** Returns the means since the last line, and begins the next line; undefined if there was no iteration. */
  take(sums: Sums): { readonly loss: number; readonly exactMatch: number } | undefined {
    const before = this.#shown;
    const iterations = sums.iterations - before.iterations;
    if (iterations <= 0) return undefined;
    this.#shown = sums;
    const exactMatch = (sums.exactMatch - before.exactMatch) / iterations;
    return {
      loss: (sums.loss - before.loss) / iterations,
      exactMatch: Math.round(exactMatch * DECIMALS) / DECIMALS,
    };
  }
}
