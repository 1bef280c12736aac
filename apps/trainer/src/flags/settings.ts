import { lstatSync } from "node:fs";
import { join } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { readPlainFile } from "@dnc/runs/read";
import {
  type CommandLineWords,
  checkPathWord,
  resolveSettings,
  type SettingsObject,
  type TaskFlags,
  UsageError,
} from "@dnc/settings";
import type { Settings } from "@dnc/settings/flags";
import { machine } from "../machine.js";
import { readPreset } from "../preset/preset.js";

/** Maximum length of a config file. */
const MAX_BYTES = 2 ** 20;

/**
 * Reads and checks the settings of a run. Each comes from the first of these sources that has it: the command line,
 * the config file, the preset, the run that `resume` names, the defaults. The path of a task file becomes absolute.
 *
 * @param words - words of the command line by flag name.
 * @param configFile - the config file, its path or what it has; default: none.
 * @param taskFlags - flags that the trainer does not know, for the task; default: none.
 * @param preset - name of a preset; default: none.
 * @throws UsageError for the first that is not valid.
 */
export function readSettings(
  words: CommandLineWords,
  configFile?: string | SettingsObject,
  taskFlags: TaskFlags = {},
  preset?: string,
): Settings {
  const run = typeof words.resume === "string" ? readObject(configFileOf(words.resume)) : undefined;
  const config = typeof configFile === "string" ? readObject(configFile, "--config") : configFile;
  const named = preset === undefined ? undefined : { name: preset, settings: readPreset(preset).settings };
  return resolveSettings({ words, taskFlags, config, preset: named, run }, machine);
}

/**
 * Reads the settings in a run's config.json, with defaults for all others.
 *
 * @throws UsageError for the first that is not valid.
 */
export function settingsOfRun(configFile: string): Settings {
  return resolveSettings({ run: readObject(configFile) }, machine);
}

/** Returns the path of the config file of a run to resume. */
function configFileOf(folder: string): string {
  checkPathWord(folder, "the folder of a run", "--resume");
  const path = join(folder, "config.json");
  const expected = "--resume: expected the folder of a run, got";
  try {
    if (lstatSync(path, { throwIfNoEntry: false })) return path;
  } catch (error) {
    throw new UsageError(`${expected} ${formatValue(path)} (${(error as Error).message})`);
  }
  throw new UsageError(`${expected} ${visibleLine(folder)}, which has no config.json`);
}

/** Reads the object in a config file, which `label` names in errors if it cannot be read; default: its path. */
function readObject(path: string, label?: string): SettingsObject {
  const text = readPlainFile(path, { most: MAX_BYTES, strict: true, ...(label === undefined ? {} : { label }) });
  try {
    return { label: path, values: JSON.parse(text) };
  } catch (error) {
    throw new UsageError(
      `${visibleLine(path)}: expected JSON, got ${(error as Error).message.replaceAll(/\s+/g, " ")}`,
    );
  }
}
