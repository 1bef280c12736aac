import type { Series } from "../images/trace-series.js";

/** Weight from which a slot counts as written or read. */
export const SIGNIFICANT_WEIGHT = 0.1;

/** The slots of a memory in the order in which they are shown. */
export type SlotOrder = {
  /** Indices of the slots to show. */
  readonly slots: readonly number[];
  /** Number of slots of the memory. */
  readonly total: number;
  /** Number of slots that were written. */
  readonly written: number;
};

/**
 * Orders slots by their first write: the first time step in which a write head gives one a weight of at least 0.1. In one
 * step the larger weight comes first. Slots that were not written follow by index.
 *
 * @param writeWeights - `[writeHeads, slots]` over time.
 * @param max - maximum number of slots to show.
 */
export function slotOrder(writeWeights: Series, max: number): SlotOrder {
  const [heads, total] = writeWeights.shape;
  const first = Array.from({ length: total }, () => ({ step: Number.POSITIVE_INFINITY, weight: 0 }));
  for (let step = 0; step < writeWeights.timeSteps; step++) {
    const weights = writeWeights.at(step);
    first.forEach((found, slot) => {
      if (found.step < step) return;
      const weight = Math.max(...Array.from({ length: heads }, (_, head) => weights[head * total + slot]));
      if (weight >= SIGNIFICANT_WEIGHT) first[slot] = { step, weight };
    });
  }
  const slots = first.map((_, slot) => slot);
  slots.sort((a, b) => compare(first[a].step, first[b].step) || first[b].weight - first[a].weight || a - b);
  const written = first.filter(({ step }) => Number.isFinite(step)).length;
  return { slots: slots.slice(0, max), total, written };
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1; // two infinities are equal
}
