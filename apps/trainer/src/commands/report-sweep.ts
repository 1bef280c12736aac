import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  bestRun,
  renderSweep,
  type Sweep,
  type SweptRun,
  shellCommand,
  sweepCsv,
  sweepFigures,
  visibleLine,
} from "@dnc/report";
import { UsageError } from "@dnc/settings";
import type { ReportOptions } from "../flags/command-options.js";
import { readRunSettings, readTrainedRun } from "../flags/gate.js";
import { oneSequence } from "../model/adjust-model.js";
import { checkOutsideSweep, readSweepResults, type SweepResults } from "../sweep/read-results.js";
import { folderOf } from "../sweep/results-folder.js";
import { size } from "../terminal/format.js";
import { writeStdout } from "../terminal/output.js";
import { warn } from "../terminal/warn.js";
import { isUsageError } from "../usage-error.js";
import { lossUnitOf } from "./compare.js";
import { factLines } from "./facts.js";
import { checkOnlyFlags } from "./only-flags.js";
import { openNetwork } from "./open-network.js";
import { checkOutputFile, isStandardOutput, writeOutputFile } from "./output-file.js";
import { sequenceTrace } from "./sequence-trace.js";

/** Flags that the report of a sweep takes. */
const FLAGS = ["out", "csv", "svg", "checkpoint", "task", "babi_dir", "seed", "backend", "engine", "threads"];

/** The page if `--out` is not given, in the sweep's folder. */
const PAGE = "report.html";

/**
 * Runs `dnc report` with the results of a sweep: writes its page, its runs as CSV, or its figures as SVG files. Only the network of the
 * best run is opened.
 *
 * @returns the exit status.
 * @throws UsageError before anything is written if an option needs a single run, the results cannot be read or a file not be written.
 */
export async function runSweepReport(options: ReportOptions): Promise<number> {
  const { run: results, csv, svg } = options;
  checkOnlyFlags(options, FLAGS, (name) => `--${name}: expected only with one run, got it with the results of a sweep`);
  const out = options.out ?? (csv ? "/dev/stdout" : join(results, PAGE));
  const label = options.out === undefined ? PAGE : "--out";
  checkOutsideSweep(out, results, label);
  checkOutputFile(out, results, label);
  const read = readSweepResults(results);
  const sweep = { ...read, command: repeatCommand(results) };
  const full = csv && svg === undefined ? sweep : { ...sweep, ...(await bestOf(read, options)) };
  const figures = svg === undefined ? undefined : await writeFigures(full, svg, results);
  const generated = { at: new Date(), command: options.commandLine };
  const text = csv ? sweepCsv(sweep) : renderSweep({ ...full, generated });
  await writeOutputFile(out, text, results, label);
  if (isStandardOutput(out)) return 0;
  await writeStdout(
    factLines([
      ["sweep", `${results}, ${summaryText(read.runs)}`],
      ...(figures === undefined ? [] : [["figures", figures] as const]),
      [csv ? "runs" : "page", `${out}, ${size(Buffer.byteLength(text))}`],
    ]),
  );
  return 0;
}

/** Reads the settings of the best run, and shows how its memory works. What cannot be read is left out with a warning. */
async function bestOf(read: SweepResults, options: ReportOptions): Promise<Partial<Sweep>> {
  const best = bestRun(read);
  if (best === undefined) return {};
  const folder = folderOf(options.run, read.runs[best] as SweptRun);
  let facts: Partial<Sweep> = {};
  try {
    const { entries, command } = readRunSettings(folder);
    facts = { bestConfig: entries, bestCommand: command, lossUnit: lossUnitOf(entries) };
    return { ...facts, bestTrace: await traceOf(folder, options) };
  } catch (error) {
    if (!isUsageError(error)) throw error;
    warn(`the best run is shown without its memory: ${error.message}`);
    return facts;
  }
}

async function traceOf(folder: string, options: ReportOptions): Promise<Sweep["bestTrace"]> {
  const { config } = await readTrainedRun(folder, warn, options);
  const { network, task } = await openNetwork(folder, oneSequence(config, {}), options);
  try {
    return await sequenceTrace(network, task, options.seed);
  } finally {
    network.dispose();
  }
}

/** Writes each figure as a file; returns what is said about them. */
async function writeFigures(sweep: Sweep, folder: string, results: string): Promise<string> {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(`--svg: expected a folder that can be written, got ${visibleLine(folder)} (${reason})`);
  }
  const figures = sweepFigures(sweep);
  for (const { file, svg } of figures) await writeOutputFile(join(folder, file), svg, results, "--svg");
  return `${folder}: ${figures.map(({ file }) => file).join(", ") || "none, no run has a report"}`;
}

/** The command that trains the same runs again, in another folder. */
function repeatCommand(results: string): string {
  return shellCommand(["dnc", "sweep", join(results, "sweep.json"), `--results=${results}-again`]);
}

function summaryText(runs: readonly SweptRun[]): string {
  const counts = new Map<string, number>();
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1);
  return `${runs.length} runs: ${Array.from(counts, ([status, count]) => `${count} ${status}`).join(", ")}`;
}
