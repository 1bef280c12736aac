import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "./cluster-error.js";
import { EventLog } from "./events.js";
import type { Answer } from "./interrupt.js";
import type { Jobs } from "./jobs.js";
import type { PlannedSweep } from "./planned-sweep.js";
import { settingsFile } from "./results-folder.js";
import { type RunOfSweep, SweepRunner } from "./sweep-runner.js";
import type { SweepWatch } from "./sweep-watch.js";

/** Most milliseconds between questions whether stopped jobs have ended. */
const STOP_INTERVAL_MS = 2000;

/** Characters of a run's name in the name of its job. */
const MAX_SLUG = 60;

/** What a sweep is carried out with. */
export interface CarryOutOptions {
  /** Identifier of the results. */
  readonly id: string;
  readonly jobs: Jobs;
  readonly watch: SweepWatch;
  /** Ends the sweep. */
  readonly signal: AbortSignal;
  /** What becomes of the jobs when it ends. */
  readonly answer: () => Answer;
}

/** Returns the beginning of the names of a sweep's jobs. */
export function jobPrefix(id: string): string {
  return `dnc-${id}-`;
}

/** A sweep that was carried out, or ended before. */
export interface CarriedOut {
  /** What became of the runs. */
  readonly runner: SweepRunner;
  /** Why jobs could not be stopped; undefined if they were, or go on as asked. */
  readonly trouble?: string | undefined;
}

/**
 * Carries out a sweep until all runs have ended, or it is asked to end.
 *
 * @throws ClusterError (as a rejection) if the cluster refuses what it is asked for.
 */
export async function carryOut(planned: PlannedSweep, options: CarryOutOptions): Promise<CarriedOut> {
  const { jobs, watch, signal } = options;
  const runner = createRunner(planned, options);
  try {
    while (!runner.isDone && !signal.aborted) {
      await runner.tick();
      watch.show(runner);
      if (!runner.isDone) await sleep(jobs.interval, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  // Jobs that a rule has stopped may still be saving.
  if (!runner.isDone && options.answer() !== "stop") return { runner };
  try {
    while ((await runner.stopAll()) > 0 && options.answer() !== "leave")
      await sleep(Math.min(STOP_INTERVAL_MS, jobs.interval));
    return { runner };
  } catch (error) {
    if (error instanceof ClusterError && signal.aborted) return { runner, trouble: error.message };
    throw error;
  }
}

function createRunner(
  { sweep, runs, results, atOnce }: PlannedSweep,
  { id, jobs, watch }: CarryOutOptions,
): SweepRunner {
  const settings = settingsFile(results, sweep);
  const threads = Math.max(1, Math.floor(sweep.resources.cpus));
  return new SweepRunner({
    ...{ sweep, runs, jobs, atOnce, events: new EventLog(results) },
    jobId: (run, submission) => jobName(jobPrefix(id), run, submission),
    wordsOf: ({ words, folder }) => [
      "train",
      ...(settings === undefined ? [] : [`--config=${settings}`]),
      ...words,
      `--threads=${threads}`,
      `--checkpoint_dir=${folder}`,
    ],
    onEvent: (event) => watch.event(event),
  });
}

/** Names a job: the same for the same run and submission, different for all others, and safe in an address. */
function jobName(prefix: string, { name }: RunOfSweep, submission: number): string {
  const slug = name.replaceAll(/[^\w.-]+/g, "-").slice(0, MAX_SLUG);
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${prefix}${slug}-${digest}-${submission}`;
}
