import { shellCommand, visibleJson } from "@dnc/report";
import { UsageError } from "@dnc/settings";
import type { SweepOptions } from "../flags/command-options.js";
import { trainerVersions } from "../run/versions.js";
import { carryOut, jobPrefix } from "../sweep/carry-out.js";
import { type Answer, askAtTerminal, Interrupt } from "../sweep/interrupt.js";
import type { Jobs } from "../sweep/jobs.js";
import { LocalJobs } from "../sweep/local-jobs.js";
import { estimateOf, type PlannedSweep, readPlannedSweep } from "../sweep/planned-sweep.js";
import { rayAddress } from "../sweep/ray-address.js";
import { RayJobs } from "../sweep/ray-jobs.js";
import { rayToken } from "../sweep/ray-token.js";
import { openResults } from "../sweep/results-folder.js";
import { resultFacts, resultRecord } from "../sweep/sweep-result.js";
import type { SweepRunner } from "../sweep/sweep-runner.js";
import { SweepWatch } from "../sweep/sweep-watch.js";
import { writeStdout } from "../terminal/output.js";
import { factLines } from "./facts.js";

/**
 * Runs `dnc sweep`: trains every combination of what varies with every seed, on this machine or on a Ray cluster. Started again, it goes
 * on where it was.
 *
 * @param words - `program`: the words that start this program, for the command that goes on and the one that makes the page.
 * @returns the exit status: 0 if all runs have a result, 130 if it was ended before, otherwise 1.
 * @throws UsageError before anything is written if the file, an option or the settings of a run are not valid; ClusterError if the cluster
 *   refuses what it is asked for.
 */
export async function runSweep(options: SweepOptions, { program }: { readonly program: string }): Promise<number> {
  const address = addressOf(options);
  const token = address && rayToken(process.env);
  const { file, results, json } = options;
  const planned = await readPlannedSweep({ file, results, isOnCluster: address !== undefined });
  if (options.plan) return printPlan(planned, json);
  const version = trainerVersions()["@dnc/trainer"] as string;
  const { id, lock } = await openResults(planned.results, planned.sweep, { runs: planned.runs, version });
  const watch = new SweepWatch(planned.sweep, { isQuiet: json });
  const abort = new AbortController();
  const interrupt = new Interrupt(() => abort.abort(), questionFor(watch, address));
  const { signal } = abort;
  const jobs = createJobs(planned, { address, token, id, program: options.program, watch, signal });
  try {
    const { runner, trouble } = await carryOut(planned, { id, jobs, watch, signal, answer: () => interrupt.answer });
    watch.clear();
    if (runner.isDone) return await printResult(planned, runner, { json, program });
    watch.notice(`${endText(trouble, interrupt.answer)}. To go on: ${program} ${againText(planned, options)}`);
    return 130;
  } finally {
    watch.clear();
    interrupt.dispose();
    jobs.dispose();
    lock.release();
  }
}

/** Says how a sweep was ended. */
function endText(trouble: string | undefined, answer: Answer): string {
  if (trouble !== undefined) return `${trouble}, so its jobs go on`;
  return answer === "leave" ? "the jobs go on" : "ended; all runs are saved";
}

/** Returns the words after `dnc` that go on. */
function againText({ results }: PlannedSweep, { file, on, insecure, program }: SweepOptions): string {
  const cluster = on === undefined ? [] : [`--on=${on}`, `--program=${program}`, ...(insecure ? ["--insecure"] : [])];
  return shellCommand(["sweep", file, `--results=${results}`, ...cluster]);
}

/** Returns the address of the cluster; undefined for this machine. */
function addressOf({ on, insecure, results }: SweepOptions): URL | undefined {
  const address = on === undefined ? undefined : rayAddress(on, insecure);
  if (insecure && !address) throw new UsageError("--insecure: expected only with --on, got it without");
  if (address && results === undefined)
    throw new UsageError("--results: expected a folder that this machine and the cluster share, got none");
  return address;
}

/** What jobs are created with. */
interface Place {
  readonly address: URL | undefined;
  readonly token: string | undefined;
  readonly id: string;
  readonly program: string;
  readonly watch: SweepWatch;
  readonly signal: AbortSignal;
}

function createJobs({ sweep }: PlannedSweep, { address, token, id, program, watch, signal }: Place): Jobs {
  if (address === undefined) return new LocalJobs();
  const onNotice = (sentence: string) => watch.notice(sentence);
  return new RayJobs({ address, prefix: jobPrefix(id), resources: sweep.resources, program, token, onNotice, signal });
}

/** Returns what asks at the terminal after Ctrl-C; undefined if there is no terminal. */
function questionFor(watch: SweepWatch, address: URL | undefined): (() => Promise<Answer>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const ask = () => {
    if (address === undefined)
      return askAtTerminal("End the sweep? Its runs are saved, and the same command goes on. [y/n] ", { y: "stop" });
    return askAtTerminal("Let the jobs go on without this program? y: yes, n: save and stop them, c: go on here ", {
      y: "leave",
      n: "stop",
    });
  };
  return () => watch.whileHidden(ask);
}

async function printPlan(planned: PlannedSweep, json: boolean): Promise<number> {
  const { runs, atOnce, results } = planned;
  const estimate = estimateOf(planned);
  if (json) {
    const listed = runs.map(({ name, group, seed, settings, iterations, folder }) => {
      return { name, group, seed, settings, iterations, folder };
    });
    await writeStdout(`${visibleJson({ results, at_once: atOnce, estimate, runs: listed })}\n`);
    return 0;
  }
  const lines = runs.map(({ name, iterations }): [string, string] => [name, `${iterations} iterations`]);
  const facts = [["", ""] as const, ["runs", `${runs.length}, in ${results}`] as const, ["time", estimate] as const];
  await writeStdout(factLines([...lines, ...facts]));
  return 0;
}

async function printResult(
  { results, sweep }: PlannedSweep,
  { runs }: SweepRunner,
  { json, program }: { readonly json: boolean; readonly program: string },
): Promise<number> {
  const folder = results.startsWith("-") ? `./${results}` : results; // otherwise it would be parsed as a flag
  const page = ["page", `${program} ${shellCommand(["report", folder])}`] as const;
  if (json) await writeStdout(`${visibleJson(resultRecord(results, runs, sweep))}\n`);
  else await writeStdout(factLines([...resultFacts(runs, sweep), ["results", results], page]));
  return runs.some(({ state }) => state.status === "failed") ? 1 : 0;
}
