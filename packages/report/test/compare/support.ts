import type { ComparedRun } from "../../src/index.js";

/** Creates a run with two reports. */
export function runOf(name: string, changes: Partial<ComparedRun> & { losses?: readonly number[] } = {}): ComparedRun {
  const { losses = [4, 2], ...rest } = changes;
  const reports = losses.map((loss, index) => ({
    step: 100 * (index + 1),
    loss,
    exact_match: index / 2,
    gradient_norm: 1,
    seconds: index + 1,
  }));
  return { name, seed: 1, config: [], metrics: { reports }, ...rest };
}
