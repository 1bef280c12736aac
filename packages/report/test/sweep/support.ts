import type { Sweep, SweptRun } from "../../src/index.js";

/** Creates a run whose loss is 4 at first and `loss` at the end. */
export function sweptRun(
  seed: number,
  loss: number,
  { masking = true, ...changes }: Partial<SweptRun> & { readonly masking?: boolean } = {},
): SweptRun {
  const reports = [4, loss].map((each, index) => ({
    step: 100 * (index + 1),
    loss: each,
    exact_match: 1 / (1 + each),
  }));
  const metrics = { reports, error: undefined };
  return {
    name: `masking=${masking},seed=${seed}`,
    seed,
    settings: { masking },
    status: "finished",
    metrics,
    ...changes,
  };
}

/** Creates a sweep of masking with loss as its metric. */
export function sweepOf(runs: readonly SweptRun[], changes: Partial<Sweep> = {}): Sweep {
  return { settings: [{ name: "masking" }], metric: { name: "loss" }, runs, ...changes };
}
