/** The gate: turns settings, which have the names of flags, into configurations. Nothing below knows a flag. */
import type { TrainedRun } from "../configs.js";
import { runConfigOf } from "./model-config.js";
import { readRunConfig } from "./run-config.js";
import { recordedFlags, type Settings } from "./train-flags.js";

export { runConfigOf };

/**
 * Reads what a run was trained with.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not one.
 */
export function readTrainedRun(run: string): TrainedRun {
  const settings = readRunConfig(run);
  return { config: { ...runConfigOf(settings), seed: settings.seed }, ...describeSettings(settings) };
}

/** The configuration of a run as entries of a report, and the shortest command line that trains such a run. */
export function describeSettings(settings: Settings): Pick<TrainedRun, "entries" | "command"> {
  const entries = recordedFlags(settings.task)
    .map(({ name, default: usual, help }) => {
      const value = settings[name];
      return { name, value, isDefault: value === usual, description: help };
    })
    .filter(({ value }) => value !== undefined);
  const flags = entries
    .filter(({ name, isDefault }) => !isDefault && name !== "backend")
    .map(({ name, value }) => `--${name}=${value}`);
  return { entries, command: ["dnc train", ...flags, `--backend=${settings.backend}`].join(" ") };
}
