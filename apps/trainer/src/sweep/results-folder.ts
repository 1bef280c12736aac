/** The folder of a sweep's results: the plan as it is run, the runs, and the record of what was done. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { lockRun, type RunLock } from "@dnc/runs";
import { RunFolderError } from "@dnc/runs/read";
import { UsageError } from "@dnc/settings";
import { type JsonObject, objectAt } from "./checks.js";
import type { SweepRun } from "./plan-runs.js";
import { quotedLine } from "./quoted-line.js";
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

/** Results of a sweep, which no other process writes until the lock is released. */
export interface OpenResults {
  /** Identifier of these results, the same each time. */
  readonly id: string;
  readonly lock: RunLock;
}

/** What the folder records of a sweep besides its file. */
interface Recorded {
  readonly runs: readonly SweepRun[];
  /** That of the trainer. */
  readonly version: string;
}

/**
 * Creates the folder of a sweep's results, or opens that of the same sweep, and locks it.
 *
 * @param results - path of the folder.
 * @param options - `runs`: the plan; `version`: that of the trainer.
 * @throws UsageError (as a rejection) if the folder holds something else, or cannot be written; RunFolderError if another process has it.
 */
export async function openResults(results: string, sweep: Sweep, { runs, version }: Recorded): Promise<OpenResults> {
  const plan = planRecord(sweep, runs);
  // Nothing is written to a folder of something else, not even a lock.
  readId(results, plan);
  const lock = await writable(results, async () => {
    mkdirSync(results, { recursive: true });
    return lockRun(results);
  });
  try {
    // Another process may have created it in the meantime.
    const id = readId(results, plan) ?? randomBytes(4).toString("hex");
    await writable(results, () => writePlan(results, sweep, { version, id, ...plan }));
    return { id, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Reads the identifier of results; undefined if the folder is new. */
function readId(results: string, plan: JsonObject): string | undefined {
  const recorded = readPlan(join(results, PLAN_FILE));
  const name = visibleLine(results);
  if (recorded === undefined) {
    if (!existsSync(join(results, "runs"))) return undefined;
    throw new UsageError(
      `--results: expected a new folder or that of a sweep, got ${name}, which has runs but no ${PLAN_FILE}`,
    );
  }
  const keys = [...new Set([...Object.keys(plan), ...Object.keys(recorded)])];
  const other = keys.find((key) => !MAY_DIFFER.includes(key) && text(plan[key]) !== text(recorded[key]));
  if (other !== undefined)
    throw new UsageError(
      `--results: expected a new folder or that of this sweep, got ${name}, whose ${PLAN_FILE} has other ${visibleLine(other)}`,
    );
  if (typeof recorded.id === "string" && /^[0-9a-f]{8}$/.test(recorded.id)) return recorded.id;
  throw new UsageError(`--results: expected the folder of a sweep, got ${name}, whose ${PLAN_FILE} has no id`);
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
    return objectAt(PLAN_FILE, JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(
      `--results: expected the folder of a sweep, got ${visibleLine(path)} (${quotedLine((error as Error).message)})`,
    );
  }
}

/** Writes the plan if the folder has none: last, so that settings are there if it is. */
async function writePlan(results: string, { settings }: Sweep, plan: JsonObject): Promise<void> {
  const path = join(results, PLAN_FILE);
  if (existsSync(path)) return;
  if (settings) await writeFileAtomic(join(results, SETTINGS_FILE), json(settings));
  await writeFileAtomic(path, json(plan));
}

/** Does what needs a folder that can be written. */
async function writable<Result>(results: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RunFolderError) throw error;
    const reason = quotedLine((error as Error).message);
    throw new UsageError(`--results: expected a folder that can be written, got ${visibleLine(results)} (${reason})`);
  }
}

function json(contents: object): string {
  return `${JSON.stringify(contents, null, 2)}\n`;
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
