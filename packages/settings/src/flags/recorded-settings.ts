import type { RunRecord } from "./run-record.js";
import { recordedFlags, type Settings } from "./train-flags.js";

/**
 * Creates the contents of a run's config.json, which checkpoints repeat: settings under the names of the flags. `dnc train --config` with it
 * repeats the run.
 *
 * @param settings - the settings that `loadTask` returns.
 * @param resolved - the seed and the backend that are used.
 * @returns a plain object that JSON can hold.
 */
export function recordedSettings(
  settings: Settings,
  resolved: { readonly seed: number; readonly backend: string },
): Readonly<Record<string, unknown>> {
  const { task_flags, task_file, changes, preset, lessons, promotion } = settings;
  const record = Object.entries({ task_flags, lessons, promotion, task_file, changes, preset } satisfies RunRecord);
  const all = { ...settings, ...resolved };
  const entries = [...recordedFlags(settings).map(({ name }) => [name, all[name]] as const), ...record];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
