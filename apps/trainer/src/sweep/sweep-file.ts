/** The file of a sweep: what varies, what is measured, and when runs end. */
import { type FlagValue, UsageError } from "@dnc/settings";
import { flagNamed, MAX_SEED } from "@dnc/settings/flags";
import { axisValues, firstRepeated } from "./axis-values.js";
import { expected, integerAt, type JsonObject, objectAt, positiveAt, wordAt } from "./checks.js";

/** Metrics of a sweep: fields of metrics.jsonl, and whether more is better. */
const METRIC_GOALS = { exact_match: "maximize", held_out_exact_match: "maximize", loss: "minimize" } as const;

/** Name of a metric of a sweep. */
export type SweepMetric = keyof typeof METRIC_GOALS;

/** A setting that varies, or several that have the same value. */
export interface Axis {
  readonly names: readonly string[];
  readonly values: readonly FlagValue[];
  /** How they are apart: in equal steps, or with a uniformly distributed logarithm; undefined: they are a list. */
  readonly scale?: "linear" | "logarithmic" | undefined;
}

/** When runs end before their last iteration, because others are better. */
export type StopRule =
  | {
      readonly kind: "median";
      /** First iteration at which a run can be stopped. */
      readonly after: number;
      /** Fewest other runs with a value at the same iteration. */
      readonly runs: number;
    }
  | {
      readonly kind: "halving";
      /** Iterations of the first rung. */
      readonly first: number;
      /** A rung has this many times the iterations of the one before, and one of this many runs passes it. */
      readonly factor: number;
    };

/** What a run may use. */
export interface Resources {
  readonly cpus: number;
  readonly gpus: number;
  readonly memory_gb?: number | undefined;
}

/** A sweep, as its file has it, checked and with defaults. */
export interface Sweep {
  readonly preset?: string | undefined;
  readonly settings?: JsonObject | undefined;
  readonly vary: readonly Axis[];
  readonly seeds: readonly number[];
  readonly metric: SweepMetric;
  readonly goal: "maximize" | "minimize";
  /** Runs at a time; undefined: as many as cores on this machine, 8 on a cluster. */
  readonly atOnce?: number | undefined;
  /** How often a run is started before it counts as failed. */
  readonly attempts: number;
  readonly budget?: { readonly iterations: number } | { readonly minutes: number } | undefined;
  readonly stop?: StopRule | undefined;
  readonly resources: Resources;
}

const KEYS = ["preset", "settings", "vary", "seeds", "metric", "goal", "at_once", "attempts"];
const OTHER_KEYS = ["budget", "stop", "resources"];
/** What the results of a sweep record besides: ignored, so that their sweep.json repeats the sweep. */
const RECORDED_KEYS = ["version", "id", "scales", "runs"];

/** Most CPUs of a run: as many threads as it can have. */
const MAX_CPUS = 32;
const MAX_GPUS = 1024;
const MAX_MEMORY_GB = 2 ** 20;

/** Flags of `dnc train` that are no settings of a run, or that a sweep gives itself. */
const NOT_VARIED = ["preset", "config", "seed", "checkpoint_dir", "resume", "change", "threads", "json"];

/**
 * Checks the contents of a sweep's file.
 *
 * @param file - name of the file, for errors.
 * @param contents - its parsed JSON.
 * @returns the sweep, with defaults for what the file does not have.
 * @throws UsageError with one sentence about the first value that is not valid.
 */
export function readSweep(file: string, contents: unknown): Sweep {
  const object = objectAt(file, contents, [...KEYS, ...OTHER_KEYS, ...RECORDED_KEYS]);
  const { preset, settings, vary = {}, seeds, metric = "exact_match", goal } = object;
  if (preset === undefined && settings === undefined)
    throw new UsageError(`${file}: expected preset or settings, got neither`);
  if (preset !== undefined && typeof preset !== "string")
    throw expected(`${file}: preset`, "the name of a preset", preset);
  const measured = wordAt(`${file}: metric`, metric, Object.keys(METRIC_GOALS) as SweepMetric[]);
  const given = settings === undefined ? undefined : objectAt(`${file}: settings`, settings);
  const forbidden = given && Object.keys(given).find((name) => NOT_VARIED.includes(name) && name !== "preset");
  if (forbidden !== undefined)
    throw expected(`${file}: settings`, "settings of the network, the training or the task", forbidden);
  const axes = readAxes(`${file}: vary`, vary);
  const budget = readBudget(`${file}: budget`, object.budget);
  const varied = axes.flatMap(({ names }) => names);
  if (budget && "iterations" in budget && varied.includes("num_training_iterations"))
    throw new UsageError(`${file}: budget: expected minutes where num_training_iterations varies, got iterations`);
  return {
    ...{ preset, settings: given, vary: axes, seeds: readSeeds(`${file}: seeds`, seeds) },
    ...{ metric: measured, goal: wordAt(`${file}: goal`, goal ?? METRIC_GOALS[measured], ["maximize", "minimize"]) },
    atOnce: object.at_once === undefined ? undefined : integerAt(`${file}: at_once`, object.at_once, { max: 10_000 }),
    attempts: integerAt(`${file}: attempts`, object.attempts ?? 3, { max: 100 }),
    budget,
    stop: readStop(`${file}: stop`, object.stop),
    resources: readResources(`${file}: resources`, object.resources ?? {}),
  };
}

function readAxes(label: string, vary: unknown): readonly Axis[] {
  const seen = new Set<string>();
  return Object.entries(objectAt(label, vary)).map(([joined, values]) => {
    const names = joined.split("+").map((name) => name.replace(/^\w+\./, "").replaceAll("-", "_"));
    for (const name of names) {
      if (!/^[a-z]\w*$/i.test(name)) throw expected(label, "names of settings", joined);
      if (NOT_VARIED.includes(name)) throw expected(label, "settings of the network, the training or the task", name);
      if (seen.has(name)) throw new UsageError(`${label}: expected each setting once, got ${name} again`);
      seen.add(name);
    }
    const isInteger = names.some((name) => flagNamed(name)?.kind === "integer");
    return { names, values: axisValues(`${label}: ${joined}`, values, isInteger), scale: scaleOf(values) };
  });
}

/** Returns how valid values of a setting are apart. */
function scaleOf(values: unknown): Axis["scale"] {
  if (Array.isArray(values)) return undefined;
  return "logUniform" in (values as object) ? "logarithmic" : "linear";
}

function readSeeds(label: string, seeds: unknown): readonly number[] {
  if (Array.isArray(seeds)) {
    if (seeds.length === 0) throw expected(label, "at least one seed", seeds);
    const checked = seeds.map((seed) => integerAt(label, seed, { min: 0, max: MAX_SEED }));
    const again = firstRepeated(checked);
    if (again !== undefined) throw expected(label, "different seeds", again);
    return checked;
  }
  if (typeof seeds !== "object" || seeds === null) throw expected(label, "a list or { count }", seeds);
  const count = integerAt(`${label}: count`, objectAt(label, seeds, ["count"]).count, { max: 10_000 });
  return Array.from({ length: count }, (_, index) => index + 1);
}

function readBudget(label: string, budget: unknown): Sweep["budget"] {
  if (budget === undefined) return undefined;
  const { iterations, minutes } = objectAt(label, budget, ["iterations", "minutes"]);
  if ((iterations === undefined) === (minutes === undefined))
    throw expected(label, "either iterations or minutes of a run", budget);
  return minutes === undefined
    ? { iterations: integerAt(`${label}: iterations`, iterations) }
    : { minutes: positiveAt(`${label}: minutes`, minutes) };
}

function readStop(label: string, stop: unknown): StopRule | undefined {
  if (stop === undefined) return undefined;
  const { median, halving } = objectAt(label, stop, ["median", "halving"]);
  if ((median === undefined) === (halving === undefined)) throw expected(label, "either median or halving", stop);
  if (halving === undefined) {
    const { after = 1, runs = 3 } = objectAt(`${label}: median`, median, ["after", "runs"]);
    const others = integerAt(`${label}: median: runs`, runs);
    return { kind: "median", after: integerAt(`${label}: median: after`, after), runs: others };
  }
  const { first, factor = 3 } = objectAt(`${label}: halving`, halving, ["first", "factor"]);
  return {
    kind: "halving",
    first: integerAt(`${label}: halving: first`, first),
    factor: integerAt(`${label}: halving: factor`, factor, { min: 2, max: 100 }),
  };
}

function readResources(label: string, resources: unknown): Resources {
  const { cpus = 1, gpus = 0, memory_gb } = objectAt(label, resources, ["cpus", "gpus", "memory_gb"]);
  return {
    cpus: amountAt(`${label}: cpus`, cpus, { max: MAX_CPUS, maxFraction: MAX_CPUS }),
    gpus: gpus === 0 ? 0 : amountAt(`${label}: gpus`, gpus, { max: MAX_GPUS, maxFraction: 1 }),
    ...(memory_gb === undefined ? {} : { memory_gb: memoryAt(`${label}: memory_gb`, memory_gb) }),
  };
}

/** Checks a number of CPUs or GPUs. Ray counts in ten-thousandths, and GPUs above one in whole ones. */
function amountAt(label: string, value: unknown, { max, maxFraction }: { max: number; maxFraction: number }): number {
  const amount = positiveAt(label, value);
  const isFraction = amount < maxFraction && Number(amount.toFixed(4)) === amount;
  if (amount <= max && (Number.isInteger(amount) || isFraction)) return amount;
  const fractions = maxFraction === max ? "a number" : `a whole number, or a fraction of ${maxFraction},`;
  throw expected(label, `${fractions} up to ${max} with at most four decimals`, value);
}

function memoryAt(label: string, value: unknown): number {
  const memory = positiveAt(label, value);
  if (memory <= MAX_MEMORY_GB) return memory;
  throw expected(label, `a number up to ${MAX_MEMORY_GB}`, value);
}
