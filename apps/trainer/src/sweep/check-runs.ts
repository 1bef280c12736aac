/** Checks the settings of a sweep's runs before anything is written. */
import { UsageError } from "@dnc/settings";
import { trainSettings } from "../flags/command-line.js";
import { planRun } from "../flags/plan.js";
import type { SweepRun } from "./plan-runs.js";
import type { Sweep } from "./sweep-file.js";

/** Iterations of the runs of each group, and those with which an exact match may end early. */
export interface CheckedRuns {
  /** Iterations by group. */
  readonly iterations: ReadonlyMap<string, number>;
  /** Groups whose runs end at an exact match. */
  readonly until: ReadonlySet<string>;
}

/**
 * Checks the settings of every combination.
 *
 * @param file - name of the sweep's file, for errors.
 * @throws UsageError (as a rejection) for the first that is not valid.
 */
export async function checkRuns(
  file: string,
  { settings, metric, stop }: Sweep,
  runs: readonly SweepRun[],
): Promise<CheckedRuns> {
  const config = settings && { label: `${file}: settings`, values: settings };
  const iterations = new Map<string, number>();
  const until = new Set<string>();
  for (const { group, words } of runs) {
    if (iterations.has(group)) continue;
    const { training } = (await planRun(trainSettings(words, config))).config;
    iterations.set(group, training.iterations);
    if (training.until !== undefined) until.add(group);
    if (metric === "held_out_exact_match" && training.until === undefined)
      throw new UsageError(
        `${file}: metric: expected held_out_exact_match only with the setting until, got it without`,
      );
  }
  const [fewest] = [...iterations.values()].sort((a, b) => a - b);
  if (stop?.kind === "halving" && fewest !== undefined && stop.first >= fewest)
    throw new UsageError(
      `${file}: stop: halving: first: expected fewer than the ${fewest} iterations of a run, got ${stop.first}`,
    );
  return { iterations, until };
}
