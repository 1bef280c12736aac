import { formatValue } from "@dnc/report";
import { lessons as checkedLessons } from "@dnc/training";
import type { LessonsConfig, TaskConfig } from "../configs.js";
import type { Machine } from "../machine.js";
import { createTask } from "../model/create-network.js";
import { hasOwnFlags } from "../task/names.js";
import type { CompleteTask } from "../task/task-source.js";
import { UsageError } from "../usage-error.js";
import { checkedValue } from "./flag-value.js";
import { loadTask } from "./load-task.js";
import { modelConfigOf } from "./model-config.js";
import type { TaskFlags } from "./run-record.js";
import { belongsTo, flagNamed, type Settings } from "./train-flags.js";
import { withSettings } from "./with-settings.js";

/** Names in `promotion`, and those of the library: of the promotion, and of the shares of other lessons. */
const PROMOTION = {
  ...{ metric: "metric", at_least: "atLeast", at_most: "atMost", every: "every", sequences: "sequences" },
} as const;
const SHARES = { earlier: "earlier", up_to_current: "upToCurrent", all: "all" } as const;

/**
 * Loads the tasks of a run's lessons, and checks them and the promotion.
 *
 * @param settings - those of the run, before its task was loaded.
 * @param base - configuration of the run's own task, from which lessons differ.
 * @param machine - the machine on which tasks are loaded; default: a page, which reads no files.
 * @returns undefined if there are no lessons.
 * @throws UsageError (as a rejection), one sentence: a setting of a lesson is none of the task or not valid, lessons differ in
 *   width or loss, or the promotion is not valid.
 */
export async function loadLessons(
  settings: Settings,
  base: TaskConfig,
  machine: Machine = {},
): Promise<LessonsConfig | undefined> {
  const { lessons, promotion } = settings;
  if (lessons === undefined && promotion === undefined) return undefined;
  if (lessons === undefined) throw new UsageError("promotion: expected only with lessons, got it without");
  if (promotion === undefined) throw new UsageError("lessons: expected a promotion with them, got none");
  const tasks: TaskConfig[] = [];
  for (const [index, changes] of lessons.entries())
    tasks.push(await withLabel(`lessons[${index}]`, () => taskOf(settings, changes, machine)));
  const created = await Promise.all(
    tasks.map((task, index) => withLabel(`lessons[${index}]`, async () => createTask(task))),
  );
  checkWidths(await createTask(base), created[0]);
  const options = optionsOf(promotion);
  try {
    checkedLessons({ ...options, lessons: created });
  } catch (error) {
    throw new UsageError(flagNames((error as Error).message).replace(/^(earlier|up_to_current|all)\b/, "promotion.$1"));
  }
  return { tasks, options };
}

/** Loads the task of a lesson. */
async function taskOf(settings: Settings, changes: TaskFlags, machine: Machine): Promise<TaskConfig> {
  for (const [name, value] of Object.entries(changes)) {
    const flag = flagNamed(name);
    const { group } = flagNamed("task") as { readonly group: string };
    const isSetting = flag
      ? flag.group === group && belongsTo(settings.task, flag) && !["task", "no_lessons"].includes(name)
      : hasOwnFlags(settings.task);
    if (!isSetting) throw new UsageError(`expected settings of the task, got ${name}`);
    if (flag) checkedValue(flag, value, name);
  }
  const { lessons: _, promotion: __, ...changed } = withSettings(settings, changes);
  const loaded = await loadTask(changed, { machine });
  return modelConfigOf(loaded.settings, loaded.source).task;
}

/** Adds to errors which lesson they are about; those of a task's own checks become a UsageError. */
async function withLabel<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isUsage = error instanceof UsageError;
    if (!isUsage && !(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    const { message } = error;
    throw new UsageError(`${label}: ${isUsage ? message : flagNames(message)}`);
  }
}

function checkWidths(own: CompleteTask, first: CompleteTask): void {
  for (const [name, width] of [
    ["inputSize", "input"],
    ["targetSize", "target"],
  ] as const)
    if (first[name] !== own[name])
      throw new UsageError(
        `lessons[0]: expected the ${width} size of the run's task (${own[name]}), got ${first[name]}`,
      );
}

/** Converts the names of a promotion to those of the library. */
function optionsOf(promotion: TaskFlags): LessonsConfig["options"] {
  const names = { ...PROMOTION, ...SHARES };
  for (const name of Object.keys(promotion))
    if (!Object.hasOwn(names, name))
      throw new UsageError(`promotion: expected ${Object.keys(names).join(", ")}, got ${formatValue(name)}`);
  const pick = (table: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(table).flatMap(([name, option]) =>
        promotion[name] === undefined ? [] : [[option, promotion[name]]],
      ),
    );
  return { promotion: pick(PROMOTION), ...pick(SHARES) } as LessonsConfig["options"];
}

/** Replaces names of options in a message by those of flags: `max_items` for `maxItems`. */
function flagNames(message: string): string {
  return message.replaceAll(/\b[a-z]+(?:[A-Z][a-z]*)+\b/g, (name) =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
}
