import { join } from "node:path";
import { type Metrics, parseMetrics } from "@dnc/report";
import { readPlainFileIfThere } from "../files/plain-file.js";
import { METRICS_FILE } from "../folder/run-parts.js";

/**
 * Reads what a run has reported; it may be going on.
 *
 *     const { reports } = readMetrics("runs/mine");
 *     console.log(reports.at(-1)?.loss);
 *
 * @param run - The run's folder.
 * @returns Its reports by step; none if it has reported nothing.
 * @throws RunFolderError if metrics.jsonl is not a file, or cannot be read.
 */
export function readMetrics(run: string): Metrics {
  return parseMetrics(readPlainFileIfThere(join(run, METRICS_FILE)) ?? "");
}
