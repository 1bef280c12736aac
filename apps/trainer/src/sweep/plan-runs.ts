/** Plans the runs of a sweep: every combination of the settings that vary, with every seed. */
import { createHash } from "node:crypto";
import { type FlagValue, UsageError } from "@dnc/settings";
import type { Sweep } from "./sweep-file.js";

/** A run of a sweep. */
export interface SweepRun {
  /** Its name and that of its folder: the values of what varies, and its seed: `masking=true,seed=1`. */
  readonly name: string;
  /** The values without the seed; `all` if nothing varies. */
  readonly group: string;
  readonly seed: number;
  /** Values of the settings that vary. */
  readonly settings: Readonly<Record<string, FlagValue>>;
  /** Words after `dnc train`, without config file and folder. */
  readonly words: readonly string[];
}

/** Most runs of a sweep. */
const MAX_RUNS = 10_000;

/** Longest name of a run: systems allow 255 bytes. */
const MAX_NAME = 120;

/**
 * Plans the runs of a sweep.
 *
 * @param file - name of its file, for errors.
 * @returns all runs, in the order in which they start: seed by seed, so that every combination has a result early.
 * @throws UsageError if there are more than 10,000.
 */
export function planSweep(file: string, { preset, vary, seeds, budget }: Sweep): readonly SweepRun[] {
  const count = vary.reduce((product, { values }) => product * values.length, seeds.length);
  if (count > MAX_RUNS) throw new UsageError(`${file}: expected at most ${MAX_RUNS} runs, got ${count}`);
  const combinations = vary.reduce<readonly (readonly (readonly [string, FlagValue])[])[]>(
    (all, { names, values }) =>
      all.flatMap((one) => values.map((value) => [...one, [names.join("+"), value] as const])),
    [[]],
  );
  const iterations = budget && "iterations" in budget ? [`--num_training_iterations=${budget.iterations}`] : [];
  const groups = distinct(combinations.map(groupName));
  return seeds.flatMap((seed) =>
    combinations.map((combination, index) => {
      const settings = combination.flatMap(([joined, value]) =>
        joined.split("+").map((name) => [name, value] as const),
      );
      return {
        name: groups[index] === "" ? `seed=${seed}` : `${groups[index]},seed=${seed}`,
        group: groups[index] || "all",
        seed,
        settings: Object.fromEntries(settings),
        words: [
          ...(preset === undefined ? [] : [`--preset=${preset}`]),
          ...iterations,
          ...settings.map(([name, value]) => `--${name}=${value}`),
          `--seed=${seed}`,
        ],
      };
    }),
  );
}

/** Names a combination by its values, for a folder on every system. */
function groupName(combination: readonly (readonly [string, FlagValue])[]): string {
  const name = combination
    .map(([joined, value]) => `${joined}=${String(value).replaceAll(/[^\w.+-]+/g, "_")}`)
    .join(",");
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 9)}-${digest(JSON.stringify(combination))}`;
}

/** Makes names that are equal without letter case different, because disks may not tell them apart. */
function distinct(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name.toLowerCase()) ?? 0) + 1;
    counts.set(name.toLowerCase(), count);
    return count === 1 ? name : `${name}~${count}`;
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
