import { statSync } from "node:fs";
import { join } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { labelled } from "../terminal/format.js";
import { UsageError } from "../usage-error.js";
import { settingsOfRun } from "./settings.js";
import { recordedFlags, type Settings } from "./train-flags.js";

/** Settings that may change on resume; all others decide the numbers. */
const MAY_CHANGE = ["num_training_iterations", "report_interval", "checkpoint_interval", "keep_checkpoints", "backend"];

/**
 * Creates the contents of config.json: settings under the flags' names, with which `--config` repeats the run.
 *
 * @param resolved - the seed and backend that were really used.
 */
export function runConfig(settings: Settings, resolved: { seed: number; backend: string }): Partial<Settings> {
  const all = { ...settings, ...resolved };
  return Object.fromEntries(recordedFlags(settings.task).map(({ name }) => [name, all[name]]));
}

/**
 * Reads the settings of a run from its config.json.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not one.
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
 * Resolves the settings with which a run resumes: those given now, with the run's seed and backend as defaults.
 *
 * @throws UsageError that lists every difference, if another run is asked for, or one that has ended.
 */
export function continuedSettings(folder: string, recorded: Settings, wanted: Settings): Settings {
  const settings = {
    ...wanted,
    seed: wanted.seed ?? recorded.seed,
    backend: wanted.backend === "auto" ? recorded.backend : wanted.backend,
  };
  checkSameRun(folder, recorded, settings);
  return settings;
}

/** @throws UsageError that lists every difference in what decides a run's numbers. */
export function checkSameRun(folder: string, recorded: Partial<Settings>, wanted: Partial<Settings>): void {
  // A task's own settings mean nothing to another.
  const different = recordedFlags(recorded.task ?? wanted.task)
    .map(({ name }) => name)
    .filter((name) => !MAY_CHANGE.includes(name) && recorded[name] !== wanted[name]);
  if (different.length === 0) return;
  const values = (name: keyof Settings) => `${text(recorded[name])} there, ${text(wanted[name])} asked for`;
  const lines = labelled(different.map((name) => [name, values(name)])).map((line) => `\n  ${line}`);
  throw new UsageError(
    `${visibleLine(folder)} holds a run of other parameters; nothing was changed there:${lines.join("")}`,
  );
}

/** Formats a setting as it would be typed; a checkpoint may have anything in its place. */
function text(value: unknown): string {
  return typeof value === "string" ? visibleLine(value) : value === undefined ? "undefined" : formatValue(value);
}
