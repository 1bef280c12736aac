import { accessSync, constants } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseMetricsLine } from "@dnc/report";
import type { ReportRecord } from "../contents/report-record.js";
import { lstatIfPresent } from "../files/not-found.js";
import { checkFolderIfPresent, checkPlainFileIfPresent } from "../files/plain-file.js";
import { RunFolderError } from "../run-folder-error.js";
import { CONFIG_FILE, checkpointsOf, METRICS_FILE, SAMPLES } from "./run-parts.js";

/** Keys of the numbers in a report. */
const REPORT_KEYS = ["step", "loss", "exact_match", "gradient_norm", "iterations", "iterations_per_second", "seconds"];

/** Files that a run reads, appends to or replaces. */
const PLAIN_FILES = [CONFIG_FILE, METRICS_FILE, ...["latest", "best"].map((name) => join("checkpoints", name))];

/**
 * Checks that the records of a run can be read, before anything is changed.
 *
 * @returns the greatest step of a report; 0 if there is none.
 * @throws RunFolderError naming the file.
 */
export async function checkRecords(run: string): Promise<number> {
  try {
    checkParts(run);
    for (const path of PLAIN_FILES.map((name) => join(run, name)))
      if (lstatIfPresent(path)) accessSync(path, constants.R_OK);
    const lines = (await readMetrics(run)).split("\n");
    const samples = join(run, SAMPLES);
    if (lstatIfPresent(samples)) await readdir(samples);
    return lines.reduce((greatest, line) => Math.max(greatest, reportIn(line)?.step ?? 0), 0);
  } catch (error) {
    const { message } = error as Error;
    const reason = error instanceof RunFolderError ? message : `${run}: cannot be read (${message})`;
    throw new RunFolderError(`${reason}; nothing was changed there`);
  }
}

/** Reads metrics.jsonl, each byte as a character; returns an empty text if it does not exist. */
export async function readMetrics(run: string): Promise<string> {
  const path = join(run, METRICS_FILE);
  if (!lstatIfPresent(path)) return "";
  checkPlainFileIfPresent(path);
  return readFile(path, "latin1");
}

/**
 * Checks that the files and folders of a run are plain files and folders, if they exist.
 *
 * @throws RunFolderError naming the first that is not.
 */
export function checkParts(run: string): void {
  for (const path of [join(run, SAMPLES), checkpointsOf(run)]) checkFolderIfPresent(path);
  for (const name of PLAIN_FILES) checkPlainFileIfPresent(join(run, name));
}

/** Selects the lines of metrics.jsonl that a run keeps when it resumes after a step. */
export function recordsUpTo(step: number, metrics: string): string[] {
  const lines = metrics.split("\n");
  // A process that was killed while writing leaves part of a line.
  const rest = lines.pop() as string;
  return [...lines, ...(parseMetricsLine(rest) ? [rest] : [])].filter((line) => !isRecordedAfter(step, line));
}

/** Whether a line is of a later step, or records a failure. Lines that this release does not know are neither. */
function isRecordedAfter(step: number, line: string): boolean {
  const record = parseMetricsLine(line);
  return record !== undefined && ("error" in record || (typeof record.step === "number" && record.step > step));
}

/** Parses a report in metrics.jsonl; returns undefined if a number is missing. Does not check the sample. */
export function reportIn(line: string): ReportRecord | undefined {
  const record = parseMetricsLine(line);
  return record && REPORT_KEYS.every((name) => Number.isFinite(record[name]))
    ? (record as unknown as ReportRecord)
    : undefined;
}
