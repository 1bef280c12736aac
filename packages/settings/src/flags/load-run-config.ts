import type { RunConfig } from "../configs.js";
import { loadLessons } from "./load-lessons.js";
import { type LoadedTask, type LoadTaskOptions, loadTask } from "./load-task.js";
import { runConfigOf } from "./model-config.js";
import type { Settings } from "./train-flags.js";

/** Settings with the configuration of the run that they describe. */
export interface LoadedRunConfig extends LoadedTask {
  /** The configuration, with the tasks of the run and of its lessons. */
  readonly config: RunConfig;
}

/**
 * Loads the task and the lessons that settings name, and converts them to the configuration of a run.
 *
 * @param settings - checked settings, as `resolveSettings` returns them.
 * @param options - whose settings they are, and the machine.
 * @returns the configuration, and the settings with what their task determines.
 * @throws UsageError (as a rejection), one sentence, for the first setting of the task or a lesson that is not valid.
 */
export async function loadRunConfig(settings: Settings, options: LoadTaskOptions = {}): Promise<LoadedRunConfig> {
  const loaded = await loadTask(settings, options);
  const config = runConfigOf(loaded.settings, loaded.source);
  const lessons = await loadLessons(settings, config.task, options.machine);
  return { ...loaded, config: { ...config, lessons } };
}
