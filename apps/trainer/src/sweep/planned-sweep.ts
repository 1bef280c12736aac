import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { visibleLine } from "@dnc/report";
import { readPlainFile } from "@dnc/runs/read";
import { UsageError } from "@dnc/settings";
import { readPreset } from "../preset/preset.js";
import { checkRuns } from "./check-runs.js";
import { planSweep } from "./plan-runs.js";
import { folderOf } from "./results-folder.js";
import { readSweep, type Sweep } from "./sweep-file.js";
import type { RunOfSweep } from "./sweep-runner.js";
import { estimateText } from "./words.js";

/** Maximum length of a sweep's file. */
const MAX_BYTES = 2 ** 20;

/** Runs at a time on a cluster, where the file does not say. */
const AT_ONCE_ON_CLUSTER = 8;

/** A sweep that is planned and checked. */
export interface PlannedSweep {
  readonly sweep: Sweep;
  readonly runs: readonly RunOfSweep[];
  /** Absolute path of the folder of its results. */
  readonly results: string;
  readonly atOnce: number;
}

/** Where a sweep's results go, and where it runs. */
interface PlanOptions {
  readonly file: string;
  readonly results: string | undefined;
  readonly isOnCluster: boolean;
}

/**
 * Reads the file of a sweep, and checks all that can be checked before anything is written.
 *
 * @throws UsageError (as a rejection) for the first that is not valid.
 */
export async function readPlannedSweep({ file, results, isOnCluster }: PlanOptions): Promise<PlannedSweep> {
  const label = visibleLine(file);
  const sweep = readSweep(label, parseFile(file));
  const plan = planSweep(label, sweep);
  const { iterations, until } = await checkRuns(label, sweep, plan);
  const folder = resolve(results ?? join("runs", `sweep-${basename(file).replace(/\.json$/, "")}`));
  const cores = Math.max(1, Math.floor(availableParallelism() / sweep.resources.cpus));
  const runs = plan.map((run) => {
    const length = iterations.get(run.group) as number;
    return { ...run, folder: folderOf(folder, run), iterations: length, hasUntil: until.has(run.group) };
  });
  return { sweep, runs, results: folder, atOnce: sweep.atOnce ?? (isOnCluster ? AT_ONCE_ON_CLUSTER : cores) };
}

/** Describes how long a sweep takes. */
export function estimateOf({ sweep: { preset, budget }, runs, atOnce }: PlannedSweep): string {
  const { minutes, settings } = preset === undefined ? { minutes: undefined, settings: {} } : readPreset(preset);
  const { num_training_iterations: own } = settings as { num_training_iterations?: number };
  const lengths = runs.map(({ iterations }) => iterations);
  return estimateText(minutes, { preset: own, runs: lengths, atOnce, budget });
}

function parseFile(file: string): unknown {
  const text = readPlainFile(file, { most: MAX_BYTES, strict: true });
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, " ");
    throw new UsageError(`${visibleLine(file)}: expected JSON, got ${reason}`);
  }
}
