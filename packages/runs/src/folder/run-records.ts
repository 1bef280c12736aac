import { accessSync, constants } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseMetricsLine } from "@dnc/report";
import { lookAt } from "../files/absent.js";
import { checkFolderIfThere, checkPlainFileIfThere } from "../files/plain-file.js";
import type { ReportRecord } from "../report-record.js";
import { RunFolderError } from "../run-folder-error.js";
import { CONFIG_FILE, checkpointsOf, METRICS_FILE, SAMPLES } from "./run-parts.js";

/** Numbers of a report. */
const REPORTED = ["step", "loss", "exact_match", "gradient_norm", "iterations", "iterations_per_second", "seconds"];

/** Files that a run reads, appends to or replaces. */
const PLAIN_FILES = [CONFIG_FILE, METRICS_FILE, ...["latest", "best"].map((name) => join("checkpoints", name))];

/**
 * Checks that the records of a run can be read, before anything is changed.
 *
 * @returns the greatest step that it has reported; 0 if it has reported nothing.
 * @throws RunFolderError naming the file.
 */
export async function checkRecords(run: string): Promise<number> {
  try {
    checkParts(run);
    for (const path of PLAIN_FILES.map((name) => join(run, name))) if (lookAt(path)) accessSync(path, constants.R_OK);
    const lines = (await readMetrics(run)).split("\n");
    const samples = join(run, SAMPLES);
    if (lookAt(samples)) await readdir(samples);
    return lines.reduce((greatest, line) => Math.max(greatest, reportIn(line)?.step ?? 0), 0);
  } catch (error) {
    const { message } = error as Error;
    const says = error instanceof RunFolderError ? message : `${run}: cannot be read (${message})`;
    throw new RunFolderError(`${says}; nothing was changed there`);
  }
}

/** Reads metrics.jsonl, each byte as a character; empty if it is not there. */
export async function readMetrics(run: string): Promise<string> {
  const path = join(run, METRICS_FILE);
  if (!lookAt(path)) return "";
  checkPlainFileIfThere(path);
  return readFile(path, "latin1");
}

/** @throws RunFolderError if something in a run's folder is not the kind of file that a run makes there. */
export function checkParts(run: string): void {
  for (const path of [join(run, SAMPLES), checkpointsOf(run)]) checkFolderIfThere(path);
  for (const name of PLAIN_FILES) checkPlainFileIfThere(join(run, name));
}

/** The lines of metrics.jsonl that stay when a run resumes after a step. */
export function recordsUpTo(step: number, metrics: string): string[] {
  const lines = metrics.split("\n");
  // A process that was killed while writing leaves part of a line.
  const rest = lines.pop() as string;
  return [...lines, ...(parseMetricsLine(rest) ? [rest] : [])].filter((line) => !isRecordedAfter(step, line));
}

/** Whether a resumed run will write a line again, or it says that the run has failed; not if this release does not know it. */
function isRecordedAfter(step: number, line: string): boolean {
  const record = parseMetricsLine(line);
  return record !== undefined && ("error" in record || (typeof record.step === "number" && record.step > step));
}

/** Parses a report in metrics.jsonl; undefined if a number is missing. Its sample may be anything. */
export function reportIn(line: string): ReportRecord | undefined {
  const record = parseMetricsLine(line);
  return record && REPORTED.every((name) => Number.isFinite(record[name]))
    ? (record as unknown as ReportRecord)
    : undefined;
}
