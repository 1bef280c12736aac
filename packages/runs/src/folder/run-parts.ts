import { join } from "node:path";

/** File with the settings of a run. */
export const CONFIG_FILE = "config.json";

/** File of reports, one JSON object per line. */
export const METRICS_FILE = "metrics.jsonl";

/** Folder of samples, one file per sample. */
export const SAMPLES = "samples";

/** Folder of checkpoints, one folder per checkpoint. */
export const CHECKPOINTS = "checkpoints";

/** Contents of a run's folder, without event files and the lock. */
export const RUN_PARTS: readonly string[] = [CONFIG_FILE, METRICS_FILE, SAMPLES, CHECKPOINTS];

/** Returns the folder of a run's checkpoints. */
export function checkpointsOf(run: string): string {
  return join(run, CHECKPOINTS);
}

/** Whether a name in a run's folder is that of an event file of TensorBoard. */
export function isEventFile(name: string): boolean {
  return name.startsWith("events.out.tfevents.");
}
