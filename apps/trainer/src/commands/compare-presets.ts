import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { visibleJson, visibleLine } from "@dnc/report";
import { readMetrics } from "@dnc/runs/read";
import { type Criterion, UsageError } from "@dnc/settings";
import { readCommandLine } from "../flags/command-line.js";
import type { CompareOptions, ReportOptions } from "../flags/command-options.js";
import { readTrainedRun } from "../flags/gate.js";
import { planRun } from "../flags/plan.js";
import { boundText, metricText } from "../grade/words.js";
import { readPreset } from "../preset/preset.js";
import { writeStdout } from "../terminal/output.js";
import { warn } from "../terminal/warn.js";
import { firstMet } from "../vary/first-met.js";
import { planRuns, type VariedRun } from "../vary/plan.js";
import { forAll, runDnc } from "../vary/run-all.js";
import { runComparison } from "./compare.js";
import { factLines } from "./facts.js";
import { withPretrained } from "./pretrained.js";

/** What a run of a comparison reached. */
interface Outcome extends VariedRun {
  readonly folder: string;
  /** Values by the criteria of the grade; NaN if the run failed. */
  readonly values: readonly number[];
  readonly passed: boolean;
  /** The first report at which the training sequences met the first bound; undefined: none. */
  readonly reached: number | undefined;
}

/**
 * Runs `dnc compare`: trains a preset in several variants with several seeds, grades every run, and writes a page that compares
 * them. Runs that are there already are resumed, or only graded.
 *
 * @returns the exit status: 0 if all were trained, 130 if a signal ended it, otherwise 1.
 * @throws UsageError before anything is written if an option or the settings of a run are not valid.
 */
export async function runVariants(options: CompareOptions): Promise<number> {
  const { preset, vary, seeds, babiDir, atOnce = availableParallelism(), json } = options;
  const { grade } = readPreset(preset);
  const runs = planRuns(preset, { vary, seeds });
  const out = options.out ?? join("runs", `compare-${preset}`);
  const jobs = runs.map((run) => ({
    ...run,
    args: babiDir === undefined ? run.args : [...run.args, `--babi_dir=${babiDir}`],
    folder: join(out, run.group.replaceAll(/[^\w=.-]+/g, "_"), `seed-${run.seed}`),
  }));
  for (const { args } of jobs.filter((job) => job.seed === jobs[0]?.seed)) await checkRun(args);
  makeFolder(out);
  const outcomes: Outcome[] = [];
  const isAsked = await forAll(jobs, atOnce, async (job) => {
    const outcome = await trainAndGrade(job, grade);
    if (!json) warn(`${job.folder}: ${outcome.passed ? "passed" : "not passed"}`);
    outcomes.push(outcome);
  });
  if (isAsked) return 130;
  outcomes.sort(
    (a, b) => jobs.findIndex((job) => job.folder === a.folder) - jobs.findIndex((job) => job.folder === b.folder),
  );
  if (json) await writeStdout(`${visibleJson({ preset, runs: outcomes.map(recordOf) })}\n`);
  else await writeStdout(factLines(tableOf(grade, outcomes)));
  const failed = outcomes.some(({ values }) => values.some(Number.isNaN));
  const written = outcomes.filter(({ folder }) => hasReport(folder)).map(({ folder }) => folder);
  if (!json && written.length > 1) await writePage(written, join(out, "comparison.html"));
  return failed ? 1 : 0;
}

/** Throws a UsageError if the folder is not there and cannot be made. */
function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(`--out: expected a folder that can be written, got ${visibleLine(out)} (${reason})`);
  }
}

/** Throws a UsageError if the settings of a run are not valid. */
async function checkRun(args: readonly string[]): Promise<void> {
  const request = readCommandLine(args);
  if (request.command === "train") await planRun(request.settings);
}

async function trainAndGrade(run: VariedRun & { folder: string }, grade: readonly Criterion[]): Promise<Outcome> {
  const trained = await runDnc([...run.args, "--threads=1", `--checkpoint_dir=${run.folder}`]);
  const [first] = grade;
  const failed = { ...run, values: grade.map(() => Number.NaN), passed: false, reached: undefined };
  if (trained.status !== 0) {
    warn(`${run.folder}: ${trained.stderr.trim().split("\n").at(-1)}`);
    return failed;
  }
  const graded = await runDnc(["grade", run.folder, "--json", "--threads=1"]);
  try {
    const { criteria, passed } = JSON.parse(graded.stdout) as { criteria: { value: number }[]; passed: boolean };
    const reached = first && (await iterationsTo(first, run.folder));
    return { ...run, values: criteria.map(({ value }) => value), passed, reached };
  } catch {
    warn(`${run.folder}: ${graded.stderr.trim().split("\n").at(-1)}`);
    return failed;
  }
}

/** Finds the first report whose training sequences met a bound. */
async function iterationsTo(criterion: Criterion, folder: string): Promise<number | undefined> {
  const { taskFlags, lessonCount } = await readTrainedRun(folder, () => {});
  const bits = taskFlags.log_prob_in_bits === true ? 1 : 1 / Math.LN2;
  // What an easier lesson's sequences met says nothing.
  const reports = readMetrics(folder).reports.filter(({ lesson = lessonCount }) => lesson === lessonCount);
  return firstMet(reports, criterion, bits);
}

function hasReport(folder: string): boolean {
  try {
    return readMetrics(folder).reports.length > 0;
  } catch {
    return false;
  }
}

function tableOf(grade: readonly Criterion[], outcomes: readonly Outcome[]): [string, string][] {
  const groups = [...new Set(outcomes.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const own = outcomes.filter((outcome) => outcome.group === group);
    const reached = own.map((outcome) => outcome.reached ?? "not reached").join(", ");
    const lines = grade.map((criterion, index): [string, string] => {
      const values = own.map(({ values }) => values[index] as number);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const text = (value: number) => metricText(criterion.metric, value);
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
      const spread = values.length > 1 ? ` ± ${text(deviation)} (deviation over ${values.length} seeds)` : "";
      return [
        `  ${criterion.on}`,
        `${text(mean)}${spread}: ${values.map(text).join(", ")}; asked: ${boundText(criterion)}`,
      ];
    });
    const passed = own.filter((outcome) => outcome.passed).length;
    return [
      [group, `${passed} of ${own.length} passed`],
      ...lines,
      ["  iterations", `until training met it: ${reached}`],
    ];
  });
}

function recordOf({ group, seed, folder, values, passed, reached }: Outcome): object {
  return {
    group,
    seed,
    run: folder,
    values: values.map((value) => (Number.isNaN(value) ? null : value)),
    passed,
    reached,
  };
}

async function writePage(folders: readonly string[], out: string): Promise<void> {
  const request = readCommandLine(["report", ...folders, `--out=${out}`]);
  if (request.command !== "report") throw new UsageError("no report");
  await runComparison(await withPretrained<ReportOptions>(request.options));
}
