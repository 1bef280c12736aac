import { join } from "node:path";

/** A run's settings, in its folder. */
export const CONFIG_FILE = "config.json";

/** One report per line. */
export const METRICS_FILE = "metrics.jsonl";

/** Folder of samples, one file each. */
export const SAMPLES = "samples";

/** Where a run's checkpoints are. */
export function checkpointsOf(run: string): string {
  return join(run, "checkpoints");
}
