import type { TaskFlags } from "./run-record.js";
import { flagNamed, type Settings } from "./train-flags.js";

/**
 * Replaces settings, and flags of their task.
 *
 * @param recorded - the settings; they stay as they are.
 * @param changes - values under the names of flags; those that the trainer does not know are the task's.
 */
export function withSettings<Recorded extends Settings>(recorded: Recorded, changes: TaskFlags): Recorded {
  const entries = Object.entries(changes);
  const own = entries.filter(([name]) => !flagNamed(name));
  const flags = own.length === 0 ? {} : { task_flags: { ...recorded.task_flags, ...Object.fromEntries(own) } };
  return { ...recorded, ...Object.fromEntries(entries.filter(([name]) => flagNamed(name))), ...flags };
}
