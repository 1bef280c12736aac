import { type CompleteTask, createTask as createTaskOf, loadRunConfig, resolveSettings } from "@dnc/settings";

/** The task of a network, or why there is none here. */
export type FoundTask = { readonly task: CompleteTask } | { readonly problem: string };

/** Sizes of a task's sequences, by the name of the setting without `min_` and `max_`: `length`. */
export type Sizes = Readonly<Record<string, number>>;

/**
 * Creates the task of settings.
 *
 * @param settings - of a run, as `state.json` and `config.json` hold them.
 * @param sizes - the only size that its sequences have, in place of the range in the settings; default: those of the settings.
 */
export async function createTask(settings: Readonly<Record<string, unknown>>, sizes: Sizes = {}): Promise<FoundTask> {
  if (settings.task === undefined) return { problem: "The files do not say on what task this network was trained." };
  try {
    const values = withSizes(settings, sizes);
    const { config } = await loadRunConfig(resolveSettings({ run: { label: "its settings", values } }));
    return { task: await createTaskOf(config.task) };
  } catch (error) {
    return { problem: `The task of this network cannot be made here: ${(error as Error).message}.` };
  }
}

/** Replaces `min_X` and `max_X`, wherever they are, and `X` itself where there is no range. */
function withSizes(settings: Readonly<Record<string, unknown>>, sizes: Sizes): Readonly<Record<string, unknown>> {
  const replaced = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, sizes[key.replace(/^(?:min|max)_/, "")] ?? value]),
    );
  const { task_flags: flags } = settings;
  return { ...replaced(settings), ...(isObject(flags) && { task_flags: replaced(flags) }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
