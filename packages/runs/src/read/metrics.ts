import { join } from "node:path";
import { type Metrics, parseMetrics } from "@dnc/report";
import { readPlainFileIfPresent } from "../files/plain-file.js";
import { METRICS_FILE } from "../folder/run-parts.js";

/**
 * Reads the reports of a run, which may still be training.
 *
 *     const { reports } = readMetrics("runs/mine");
 *     console.log(reports.at(-1)?.loss);
 *
 * @param run - The run's folder.
 * @returns Its reports by step; none if it has no reports yet.
 * @throws RunFolderError if metrics.jsonl is not a file, or cannot be read.
 */
export function readMetrics(run: string): Metrics {
  return parseMetrics(readPlainFileIfPresent(join(run, METRICS_FILE)) ?? "");
}
