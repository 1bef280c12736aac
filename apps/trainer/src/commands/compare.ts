import { realpathSync } from "node:fs";
import { type ComparedRun, formatValue, renderComparison, visibleLine } from "@dnc/report";
import { readMetrics } from "@dnc/runs/read";
import { UsageError } from "@dnc/settings";
import { isTaskFile } from "@dnc/settings/flags";
import type { LossName } from "@dnc/tasks";
import type { ReportOptions } from "../flags/command-options.js";
import { readRunSettings } from "../flags/gate.js";
import { size } from "../terminal/format.js";
import { lossUnit } from "../terminal/loss-words.js";
import { writeStdout } from "../terminal/output.js";
import { factLines } from "./facts.js";
import { checkOnlyFlags, checkSweepFlags } from "./only-flags.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";

/** The page if `--out` is not given. */
const DEFAULT_OUT = "comparison.html";

/** Settings that do not affect the results; seeds are what the runs of a group differ in. */
const NOT_COMPARED = ["seed", "checkpoint_interval", "keep_checkpoints"];

/**
 * Runs `dnc report` with several runs: writes a page that compares them. Evaluates no network.
 *
 * @returns the exit status.
 * @throws UsageError if a run is given twice, cannot be read or has no report, an option needs a single run, or the page cannot
 *   be written.
 */
export async function runComparison(options: ReportOptions): Promise<number> {
  const { run, moreRuns, commandLine, out = DEFAULT_OUT } = options;
  const folders = [run, ...moreRuns];
  checkSweepFlags(options);
  const count = folders.length;
  checkOnlyFlags(
    options,
    ["out"],
    (name) => `--${name}: expected only with one run, got it with ${count} runs, whose networks are not evaluated`,
  );
  const runs = folders.map(readRun);
  checkDifferent(folders);
  const label = options.out === undefined ? DEFAULT_OUT : "--out";
  for (const folder of folders) checkOutputFile(out, folder, label);
  const page = renderComparison({ runs, generated: { at: new Date(), command: commandLine } });
  await writeOutputFile(out, page, run, label);
  if (isStandardOutput(out)) return 0;
  await writeStdout(
    factLines([
      ["runs", folders.join(", ")],
      ["page", `${out}, ${size(Buffer.byteLength(page))}`],
    ]),
  );
  return 0;
}

/** Throws a UsageError if two names are of the same folder. */
function checkDifferent(folders: readonly string[]): void {
  const real = folders.map((folder) => realpathSync(folder));
  const again = real.findIndex((path, index) => real.indexOf(path) !== index);
  if (again >= 0)
    throw new UsageError(`expected different runs after report, got ${formatValue(folders[again])} again`);
}

function readRun(run: string): ComparedRun {
  const { seed, iterations, entries } = readRunSettings(run);
  const metrics = readMetrics(run);
  if (metrics.reports.length === 0)
    throw new UsageError(`expected runs with at least one report, got ${visibleLine(run)}, which has none`);
  return {
    name: run,
    seed,
    metrics,
    config: entries.filter(({ name }) => !NOT_COMPARED.includes(name)),
    iterations,
    lossUnit: lossUnitOf(entries),
  };
}

/** Describes the unit of a run's loss by its settings; that of a file's task is not known without the file. */
export function lossUnitOf(entries: ComparedRun["config"]): string {
  const settingOf = (name: string) => entries.find((entry) => entry.name === name)?.value;
  if (isTaskFile(settingOf("task"))) return "in the unit of the task";
  const loss = (settingOf("loss") ?? "sigmoid") as LossName;
  return lossUnit({ loss, timeAverage: false, logProbInBits: settingOf("log_prob_in_bits") === true });
}
