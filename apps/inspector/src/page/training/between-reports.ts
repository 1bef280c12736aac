import type { LossPoint } from "../learn/learning.js";

/** Sums of the iterations since a report, as means. */
interface Means {
  readonly step: number;
  readonly iterations: number;
  readonly loss: number;
  readonly exactMatch: number;
}

/** Means over the few iterations between two looks at a training, from its means since the last report. */
export class BetweenReports {
  #last: Means | undefined;

  /** @returns the means since the last call, or since the last report if that was later; undefined: there was no iteration. */
  take(means: Means): LossPoint | undefined {
    const { step, iterations, loss, exactMatch } = means;
    const before = this.#last && step - iterations === this.#last.step - this.#last.iterations ? this.#last : undefined;
    this.#last = means;
    const count = iterations - (before?.iterations ?? 0);
    if (count <= 0) return undefined;
    const mean = (name: "loss" | "exactMatch", value: number) =>
      (value * iterations - (before ? before[name] * before.iterations : 0)) / count;
    return { step, loss: mean("loss", loss), exactMatch: Math.min(1, Math.max(0, mean("exactMatch", exactMatch))) };
  }
}
