/** Plans the runs of a comparison: every combination of the settings that vary, with every seed. */
import { formatValue } from "@dnc/report";
import { UsageError } from "@dnc/settings";

/** A run of a comparison. */
export interface VariedRun {
  /** The settings of its group: `masking=true`; `preset` if nothing varies. */
  readonly group: string;
  readonly seed: number;
  /** Arguments of `dnc train`, without the folder. */
  readonly args: readonly string[];
}

/** Flags of `dnc train` that are no settings of a run, or that a comparison gives itself. */
const NOT_VARIED = ["preset", "config", "seed", "checkpoint_dir", "resume", "change", "threads", "json"];

/** Most runs of a comparison. */
const MAX_RUNS = 1000;

/**
 * Plans a comparison.
 *
 * @param preset - name of a preset.
 * @param options - `vary`: settings with their values, `masking=true,false; memory_size=16,32`; what precedes a point in a name is
 *   ignored, and settings joined by `+` have the same value: `deallocation+sharpness=true,false`. `seeds`: `1,2,3`.
 * @throws UsageError if one of them cannot be read, or there are more than 1000 runs.
 */
export function planRuns(
  preset: string,
  { vary = "", seeds }: { readonly vary?: string | undefined; readonly seeds: string },
): readonly VariedRun[] {
  const axes = vary.split(";").flatMap((text) => (text.trim() === "" ? [] : [axisOf(text.trim())]));
  const settings = axes.flatMap(({ names }) => names);
  const again = settings.find((name, index) => settings.indexOf(name) !== index);
  if (again !== undefined) throw new UsageError(`--vary: expected each setting once, got ${again} again`);
  const given = settings.find((name) => NOT_VARIED.includes(name));
  if (given !== undefined)
    throw new UsageError(`--vary: expected settings of the network, the training or the task, got ${given}`);
  const combinations = axes.reduce<readonly (readonly (readonly [Axis, string])[])[]>(
    (all, axis) => all.flatMap((one) => axis.values.map((value) => [...one, [axis, value] as const])),
    [[]],
  );
  const runs = combinations.flatMap((combination) =>
    seedsOf(seeds).map((seed) => {
      const own = combination.filter(([{ values }]) => values.length > 1);
      const words = combination.flatMap(([{ names }, value]) => names.map((name) => `--${name}=${value}`));
      return {
        group: own.map(([{ names }, value]) => `${names.join("+")}=${value}`).join(" ") || "preset",
        seed,
        args: ["train", `--preset=${preset}`, ...words, `--seed=${seed}`],
      };
    }),
  );
  if (runs.length > MAX_RUNS) throw new UsageError(`--vary: expected at most ${MAX_RUNS} runs, got ${runs.length}`);
  return runs;
}

/** Settings that have the same value in each run, with their values. */
interface Axis {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Reads settings with their values: `memory.masking=true,false`, `deallocation+sharpness=true,false`. */
function axisOf(text: string): Axis {
  const setting = "(?:\\w+\\.)?[a-z][\\w-]*";
  const [, joined, list] = new RegExp(`^(${setting}(?:\\+${setting})*)=(.+)$`, "i").exec(text) ?? [];
  const values = list?.split(",").map((value) => value.trim()) ?? [];
  if (joined === undefined || values.some((value) => value === "") || new Set(values).size < values.length)
    throw new UsageError(
      `--vary: expected settings and their values, such as masking=true,false, got ${formatValue(text)}`,
    );
  const names = joined.split("+").map((name) => name.replace(/^\w+\./, "").replaceAll("-", "_"));
  return { names, values };
}

function seedsOf(text: string): readonly number[] {
  const seeds = text.split(",").map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : Number.NaN));
  if (seeds.some((seed) => !(seed < 2 ** 31)) || new Set(seeds).size < seeds.length)
    throw new UsageError(`--seeds: expected different integers from 0 to ${2 ** 31 - 1}, got ${formatValue(text)}`);
  return seeds;
}
