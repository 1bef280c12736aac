/** Reads the folder of a sweep's results, of which some runs may still train. */
import { lstatSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type Metrics,
  parseMetricsLine,
  type SettingValue,
  type SweepMetric,
  type SweptRun,
  type SweptSetting,
  visibleLine,
} from "@dnc/report";
import { RunFolderError, readMetrics, readPlainFile } from "@dnc/runs/read";
import { UsageError } from "@dnc/settings";
import { readRunSettings } from "../flags/gate.js";
import { expected, type JsonObject, objectAt, wordAt } from "./checks.js";
import { EVENTS_FILE } from "./events.js";
import { folderOf, PLAN_FILE } from "./results-folder.js";

/** Metrics of a sweep. */
const METRICS = ["loss", "exact_match", "held_out_exact_match"] as const;
const GOALS = ["minimize", "maximize"] as const;

const SCALES = ["linear", "logarithmic"] as const;

/** Fewest different numbers of a list that are drawn on an axis by their size; fewer are categories. */
const MIN_NUMBERS = 4;
/** Ratio of the highest to the lowest of them from which the axis is logarithmic. */
const WIDE_RATIO = 10;

/** A sweep's results, without the folders of runs. */
export interface SweepResults {
  readonly preset: string | undefined;
  readonly settings: readonly SweptSetting[];
  readonly metric: SweepMetric;
  /** Minutes of training after which a run ends; undefined if that is not the budget. */
  readonly minutes: number | undefined;
  readonly runs: readonly SweptRun[];
}

/** A run as sweep.json has it. */
interface PlannedRun {
  readonly name: string;
  readonly seed: number;
  readonly settings: Readonly<Record<string, SettingValue>>;
}

/** What the last event of a run says. */
interface LastEvent {
  readonly event: string;
  readonly reason: string | undefined;
  /** Iteration of the run's result; undefined if it has none. */
  readonly step: number | undefined;
}

/** Whether a folder has the results of a sweep. */
export function isSweepFolder(folder: string): boolean {
  return [PLAN_FILE, "runs"].every((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined);
}

/** Throws a UsageError if a file to write is one of the sweep's own. */
export function checkOutsideSweep(path: string, results: string, label: string): void {
  const own = [PLAN_FILE, EVENTS_FILE].find((name) => resolve(path) === resolve(results, name));
  if (own !== undefined)
    throw new UsageError(`${label}: expected a file to write, got ${visibleLine(path)} (it belongs to the sweep)`);
}

/**
 * Reads the plan, the events and the metrics of a sweep, each file once. A run whose folder is not there yet is waiting.
 *
 * @param results - folder with sweep.json, events.jsonl and runs/.
 * @throws UsageError if sweep.json is not one of a sweep; RunFolderError if a file cannot be read.
 */
export function readSweepResults(results: string): SweepResults {
  const label = visibleLine(join(results, PLAN_FILE));
  const plan = readPlan(join(results, PLAN_FILE), label);
  const metric = {
    name: wordAt(`${label}: metric`, plan.metric ?? "exact_match", METRICS),
    goal: plan.goal === undefined ? undefined : wordAt(`${label}: goal`, plan.goal, GOALS),
  };
  const joined = Object.keys(objectAt(`${label}: vary`, plan.vary ?? {}));
  const scales = objectAt(`${label}: scales`, plan.scales ?? {});
  if (!Array.isArray(plan.runs) || plan.runs.length === 0)
    throw expected(`${label}: runs`, "a list of runs", plan.runs);
  const planned = plan.runs.map((run: unknown, index) => plannedRun(`${label}: runs[${index}]`, run, joined));
  const { minutes } = objectAt(`${label}: budget`, plan.budget ?? {});
  const events = readEvents(results);
  return {
    preset: typeof plan.preset === "string" ? plan.preset : undefined,
    settings: joined.map((name) => ({
      name,
      kind: SCALES.find((scale) => scale === scales[name]) ?? kindOf(planned.map(({ settings }) => settings[name])),
    })),
    metric,
    minutes: typeof minutes === "number" && minutes > 0 ? minutes : undefined,
    runs: planned.map((run) => sweptRun(results, run, events.get(run.name))),
  };
}

function sweptRun(results: string, run: PlannedRun, event: LastEvent | undefined): SweptRun {
  const folder = folderOf(results, run);
  const metrics = upTo(event?.step, readMetrics(folder));
  return { ...run, metrics, ...statusOf(folder, metrics, event) };
}

/**
 * Leaves out what a run reported after its result: until its job ends, a run that had its time or was stopped trains on, how long
 * depends on the machine.
 */
function upTo(last: number | undefined, { reports, ...rest }: Metrics): Metrics {
  return { ...rest, reports: last === undefined ? reports : reports.filter(({ step }) => step <= last) };
}

/** Says how a run ended: by its last event, or without events by its folder. */
function statusOf(folder: string, metrics: Metrics, last: LastEvent | undefined): Pick<SweptRun, "status" | "reason"> {
  switch (last?.event) {
    case "finished":
      return { status: "finished" };
    case "failed":
      return { status: "failed", reason: last.reason };
    case "stopped":
      // A budget of minutes is the whole length of a run.
      return last.reason === "minutes" ? { status: "finished" } : { status: "stopped", reason: last.reason };
    case undefined:
      break;
    default:
      return { status: "unfinished" };
  }
  const step = metrics.reports.at(-1)?.step;
  if (metrics.error !== undefined) return { status: "failed" };
  if (step === undefined) return { status: "waiting" };
  return { status: step >= readRunSettings(folder).iterations ? "finished" : "unfinished" };
}

/** Reads the last event of each run. Lines that are not complete are skipped. */
function readEvents(results: string): ReadonlyMap<string, LastEvent> {
  const last = new Map<string, LastEvent>();
  for (const line of readIfPresent(join(results, EVENTS_FILE)).split("\n")) {
    const { run, event, rule, reason, step } = parseMetricsLine(line) ?? {};
    if (typeof run !== "string" || typeof event !== "string") continue;
    last.set(run, {
      event,
      reason: [rule, reason].find((word) => typeof word === "string") as string | undefined,
      step: (event === "finished" || event === "stopped") && Number.isFinite(step) ? (step as number) : undefined,
    });
  }
  return last;
}

function readIfPresent(path: string): string {
  try {
    return readPlainFile(path);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (error instanceof RunFolderError && code === "ENOENT") return "";
    throw error;
  }
}

function readPlan(path: string, label: string): JsonObject {
  const text = readPlainFile(path);
  try {
    return objectAt(label, JSON.parse(text));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${label}: expected JSON, got ${(error as Error).message.replaceAll(/\s+/g, " ")}`);
  }
}

/** Checks a run of the plan; settings that are joined have the value of the first. */
function plannedRun(label: string, run: unknown, joined: readonly string[]): PlannedRun {
  const { name, seed, settings = {} } = objectAt(label, run);
  if (typeof name !== "string" || !/^[^/\\\0]+$/.test(name) || name === "." || name === "..")
    throw expected(`${label}.name`, "the name of a folder", name);
  if (!Number.isSafeInteger(seed)) throw expected(`${label}.seed`, "an integer", seed);
  const values = objectAt(`${label}.settings`, settings);
  const entries = joined.map((names): [string, SettingValue] => {
    const value = values[names] ?? values[names.split("+")[0] as string];
    if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
      return [names, value as SettingValue];
    throw expected(`${label}.settings.${visibleLine(names)}`, "a text, a number, true or false", value);
  });
  return { name, seed: seed as number, settings: Object.fromEntries(entries) };
}

/** Chooses how the values of a list are drawn: several numbers by their size, others as categories. */
function kindOf(values: readonly (SettingValue | undefined)[]): SweptSetting["kind"] {
  const different = [...new Set(values)];
  const numbers = different.filter((value) => typeof value === "number");
  if (numbers.length < Math.max(MIN_NUMBERS, different.length)) return "list";
  const [low, high] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  return low > 0 && high / low >= WIDE_RATIO ? "logarithmic" : "linear";
}
