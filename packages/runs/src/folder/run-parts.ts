import { join } from "node:path";

/** A run's settings, in its folder. */
export const CONFIG_FILE = "config.json";

/** One report per line. */
export const METRICS_FILE = "metrics.jsonl";

/** Folder of samples, one file each. */
export const SAMPLES = "samples";

/** Folder of checkpoints, one folder each. */
export const CHECKPOINTS = "checkpoints";

/** Contents of a run's folder, besides event files and the lock. */
export const RUN_PARTS: readonly string[] = [CONFIG_FILE, METRICS_FILE, SAMPLES, CHECKPOINTS];

/** Where a run's checkpoints are. */
export function checkpointsOf(run: string): string {
  return join(run, CHECKPOINTS);
}

/** Whether a file in a run's folder is TensorBoard's, by its name. */
export function isEventFile(name: string): boolean {
  return name.startsWith("events.out.tfevents.");
}
