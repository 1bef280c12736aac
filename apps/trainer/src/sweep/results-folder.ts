/** The folder of a sweep's results: the plan as it is run, the runs, and the record of what was done. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { visibleLine } from "@dnc/report";
import { UsageError } from "@dnc/settings";
import type { JsonObject } from "./checks.js";
import type { SweepRun } from "./plan-runs.js";
import type { Sweep } from "./sweep-file.js";

/** Name of the file with the plan as it is run. */
export const PLAN_FILE = "sweep.json";

/** Name of the file with the settings that all runs share. */
const SETTINGS_FILE = "settings.json";

/** What may differ when a sweep is started again. */
const MAY_DIFFER = ["version", "id", "scales", "at_once", "attempts", "resources"];

/** Returns the folder of a run. */
export function folderOf(results: string, { name }: Pick<SweepRun, "name">): string {
  return join(results, "runs", name);
}

/** Returns the file with the settings that all runs share; undefined if the sweep has none. */
export function settingsFile(results: string, { settings }: Sweep): string | undefined {
  return settings && join(results, SETTINGS_FILE);
}

/**
 * Creates the folder of a sweep's results, or opens that of the same sweep.
 *
 * @param results - path of the folder.
 * @param options - `runs`: the plan; `version`: that of the trainer.
 * @returns the identifier of these results, the same each time.
 * @throws UsageError if the folder holds something else, or cannot be written.
 */
export function openResults(
  results: string,
  sweep: Sweep,
  { runs, version }: { readonly runs: readonly SweepRun[]; readonly version: string },
): string {
  const path = join(results, PLAN_FILE);
  const plan = planRecord(sweep, runs);
  const recorded = readPlan(path);
  if (recorded !== undefined) {
    const keys = [...new Set([...Object.keys(plan), ...Object.keys(recorded)])];
    const other = keys.find((key) => !MAY_DIFFER.includes(key) && text(plan[key]) !== text(recorded[key]));
    if (other !== undefined)
      throw new UsageError(
        `--results: expected a new folder or that of this sweep, got ${visibleLine(results)}, whose ${PLAN_FILE} has other ${other}`,
      );
    return String(recorded.id);
  }
  if (existsSync(join(results, "runs")))
    throw new UsageError(
      `--results: expected a new folder or that of a sweep, got ${visibleLine(results)}, which has runs but no ${PLAN_FILE}`,
    );
  const id = randomBytes(4).toString("hex");
  write(results, SETTINGS_FILE, sweep.settings);
  write(results, PLAN_FILE, { version, id, ...plan });
  return id;
}

/** Returns the plan as the folder has it. */
function planRecord(sweep: Sweep, runs: readonly SweepRun[]): JsonObject {
  const { preset, settings, vary, seeds, metric, goal, budget, stop } = sweep;
  const { kind, ...rule } = stop ?? {};
  const record = {
    ...{ preset, settings, vary: Object.fromEntries(vary.map(({ names, values }) => [names.join("+"), values])) },
    scales: Object.fromEntries(vary.map(({ names, scale }) => [names.join("+"), scale])),
    ...{ seeds, metric, goal, at_once: sweep.atOnce, attempts: sweep.attempts, budget },
    stop: kind === undefined ? undefined : { [kind]: rule },
    resources: sweep.resources,
    runs: runs.map(({ name, group, seed, settings: own }) => ({ name, group, seed, settings: own })),
  };
  return JSON.parse(JSON.stringify(record));
}

function readPlan(path: string): JsonObject | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`--results: expected the folder of a sweep, got ${path} (${(error as Error).message})`);
  }
}

/** Writes a file completely or not at all; nothing for undefined. */
function write(results: string, name: string, contents: object | undefined): void {
  if (contents === undefined) return;
  const path = join(results, name);
  try {
    mkdirSync(results, { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(contents, null, 2)}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(`--results: expected a folder that can be written, got ${visibleLine(results)} (${reason})`);
  }
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
