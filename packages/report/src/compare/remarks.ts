import type { RunGroup } from "./group-runs.js";
import { lastReport } from "./run-numbers.js";

/** Settings that change what a loss measures. */
const TASK_SETTINGS = /^(task|loss|num_bits|(min|max)_(length|repeats))$/;

/** Lists what a reader has to know before comparing: runs that ended early, equal seeds, single runs, different tasks. */
export function remarks(groups: readonly RunGroup[]): readonly string[] {
  const single = groups.filter(({ runs }) => runs.length === 1).length;
  const which = single === groups.length ? "Each group" : single === 1 ? "One group" : `Each of ${single} groups`;
  const hasTasks = groups.some(({ differences }) => differences.some(({ name }) => TASK_SETTINGS.test(name)));
  return [
    ...groups.flatMap(endedEarly),
    ...groups.flatMap(repeatedSeeds),
    ...(single > 0 ? [`${which} has a single run, so its deviation is unknown.`] : []),
    ...(hasTasks ? ["The groups differ in their task or loss: their losses are not on one scale."] : []),
  ];
}

function endedEarly({ runs }: RunGroup): readonly string[] {
  return runs
    .filter((run) => run.metrics.error !== undefined || lastReport(run).step < (run.iterations ?? 0))
    .map((run) => {
      const { error } = run.metrics;
      return `${run.name} ended after ${lastReport(run).step} iterations${error === undefined ? "" : `: ${error}`}.`;
    });
}

function repeatedSeeds({ label, runs }: RunGroup): readonly string[] {
  const repeated = runs.map(({ seed }) => seed).filter((seed, index, seeds) => seeds.indexOf(seed) !== index);
  return [...new Set(repeated)].map(
    (seed) =>
      `Several runs of "${label}" have the seed ${seed}. They repeat one result, so the deviation is too small.`,
  );
}
