import { statSync } from "node:fs";
import { join } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { labelled } from "../terminal/format.js";
import { UsageError } from "../usage-error.js";
import { settingsOfRun } from "./settings.js";
import { recordedFlags, type Settings } from "./train-flags.js";

/** Settings that may change on resume; all others change the results. */
const MAY_CHANGE = ["num_training_iterations", "report_interval", "checkpoint_interval", "keep_checkpoints", "backend"];

/**
 * Creates the contents of config.json: settings under the names of the flags. `--config` with it repeats the run.
 *
 * @param resolved - the seed and backend that are used.
 */
export function runConfig(settings: Settings, resolved: { seed: number; backend: string }): Partial<Settings> {
  const all = { ...settings, ...resolved };
  return Object.fromEntries(recordedFlags(settings.task).map(({ name }) => [name, all[name]]));
}

/**
 * Reads the settings of a run from its config.json.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not valid.
 */
export function readRunConfig(run: string): Settings & { readonly seed: number } {
  const [config, name] = [join(run, "config.json"), visibleLine(run)];
  try {
    if (!statSync(run).isDirectory()) throw noRun(`the file ${name}`);
    statSync(config);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message, path } = error as NodeJS.ErrnoException;
    const absent = path === run ? "which is not there" : "which has no config.json";
    throw noRun(code === "ENOENT" ? `${name}, ${absent}` : `${name} (${message})`);
  }
  const settings = settingsOfRun(config);
  const { seed } = settings;
  if (seed === undefined) throw noRun(`${name}, whose config.json has no seed`);
  return { ...settings, seed };
}

function noRun(got: string): UsageError {
  return new UsageError(`expected the folder of a run, got ${got}`);
}

/**
 * Resolves the settings of a run that resumes: those requested now, with the run's seed and backend as defaults.
 *
 * @throws UsageError that lists every difference that would change the results.
 */
export function resumeSettings(folder: string, recorded: Settings, requested: Settings): Settings {
  const settings = {
    ...requested,
    seed: requested.seed ?? recorded.seed,
    backend: requested.backend === "auto" ? recorded.backend : requested.backend,
  };
  checkSameRun(folder, recorded, settings);
  return settings;
}

/** Throws a UsageError that lists every difference between settings, except those that may change on resume. */
export function checkSameRun(folder: string, recorded: Partial<Settings>, requested: Partial<Settings>): void {
  // Settings that only one of two tasks has are not compared.
  const different = recordedFlags(recorded.task ?? requested.task)
    .map(({ name }) => name)
    .filter((name) => !MAY_CHANGE.includes(name) && recorded[name] !== requested[name]);
  if (different.length === 0) return;
  const both = (name: keyof Settings) =>
    `${formatSetting(recorded[name])} recorded, ${formatSetting(requested[name])} requested`;
  const lines = labelled(different.map((name) => [name, both(name)])).map((line) => `\n  ${line}`);
  throw new UsageError(
    `${visibleLine(folder)} holds a run of other parameters; nothing was changed there:${lines.join("")}`,
  );
}

/** Formats a setting as on the command line; the one in a checkpoint may be any value. */
function formatSetting(value: unknown): string {
  return typeof value === "string" ? visibleLine(value) : value === undefined ? "undefined" : formatValue(value);
}
