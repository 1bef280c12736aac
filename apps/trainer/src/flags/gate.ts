/** Converts the settings of a run, named like flags, to its configuration. Modules outside of flags/ use only that. */
import type { TrainedRun } from "../configs.js";
import { runConfigOf } from "./model-config.js";
import { readRunConfig } from "./run-config.js";
import { recordedFlags, type Settings } from "./train-flags.js";

/**
 * Reads the configuration that a run was trained with.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not valid.
 */
export function readTrainedRun(run: string): TrainedRun {
  const settings = readRunConfig(run);
  return { config: { ...runConfigOf(settings), seed: settings.seed }, ...describeSettings(settings) };
}

/** Describes settings: as entries of a report, and as the shortest command line that trains such a run. */
export function describeSettings(settings: Settings): Pick<TrainedRun, "entries" | "command"> {
  const entries = recordedFlags(settings.task)
    .map((flag) => {
      const { name, default: defaultValue, help } = flag;
      const value = settings[name];
      const choices = "choices" in flag ? `: ${flag.choices.join(", ")}` : "";
      return { name, value, isDefault: value === defaultValue, description: `${help}${choices}` };
    })
    .filter(({ value }) => value !== undefined);
  const flags = entries
    .filter(({ name, isDefault }) => !isDefault && name !== "backend")
    .map(({ name, value }) => `--${name}=${value}`);
  return { entries, command: ["dnc train", ...flags, `--backend=${settings.backend}`].join(" ") };
}
