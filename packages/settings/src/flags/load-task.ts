import { visibleLine } from "@dnc/report";
import type { Machine } from "../machine.js";
import { checkSizes } from "../model/sizes.js";
import { builtInTask } from "../task/built-in.js";
import { loadLibraryTask } from "../task/library.js";
import { BUILT_IN_TASKS, isLibraryTask } from "../task/names.js";
import { SIZE_FLAGS, type TaskFile } from "../task/task-file.js";
import { type CompleteTask, SIZE_NAMES, type TaskSource } from "../task/task-source.js";
import { UsageError } from "../usage-error.js";
import { modelConfigOf } from "./model-config.js";
import type { TaskFileRecord } from "./run-record.js";
import { closest } from "./suggest.js";
import { FLAGS, type Settings } from "./train-flags.js";

/** Settings with the task that they name. */
export interface LoadedTask {
  /** The settings; those that the task determines are filled in. */
  readonly settings: Settings;
  /** Where the task comes from: it creates the task. */
  readonly source: TaskSource;
  /** Sentences for the user, such as that a file has changed. */
  readonly notices: readonly string[];
}

/** Options of `loadTask`. */
export interface LoadTaskOptions {
  /** Whether the settings are those of a run that exists: then the widths of a file's task must not change; default: false. */
  readonly isRun?: boolean | undefined;
  /** The machine on which the task is loaded; default: a page, which reads no files. */
  readonly machine?: Machine | undefined;
}

/**
 * Loads the task that settings name: a built-in one, one of the library, or a file.
 *
 * @param settings - checked settings, as `resolveSettings` returns them.
 * @param options - whose settings they are, and the machine.
 * @returns the settings with what their task determines, and its source.
 * @throws UsageError (as a rejection): one sentence, with the file's name for everything that can be wrong in a file.
 */
export async function loadTask(
  settings: Settings,
  { isRun = false, machine = {} }: LoadTaskOptions = {},
): Promise<LoadedTask> {
  const builtIn = builtInTask(settings.task);
  if (builtIn) return { settings, source: builtIn, notices: [] };
  const { task: file, task_flags: flags = {}, task_file: recorded } = settings;
  const {
    source: _,
    batchSize,
    loss,
    ...sizes
  } = modelConfigOf(settings, { name: file, sizes: [], create: unloaded }).task;
  if (isLibraryTask(file)) {
    const { task, source, read, flags: own } = loadLibraryTask({ name: file, flags, sizes, batchSize, loss }, machine);
    const unread = unreadFlag(settings, read);
    if (unread !== undefined)
      throw new UsageError(`task ${file} does not have the flag --${unread}; ${hint(unread, read, "it has")}`);
    const taskFlags = Object.keys(own).length === 0 ? {} : { task_flags: own };
    const completed = { ...settings, ...taskFlags, batch_size: task.batchSize };
    checkSizes(modelConfigOf(completed, source).network, task, machine.memory);
    return { settings: completed, source, notices: [] };
  }
  if (!machine.loadTaskFile)
    throw new UsageError(`task: expected one of ${BUILT_IN_TASKS.join(", ")} here, got the file ${visibleLine(file)}`);
  const loaded = await machine.loadTaskFile({ file, flags, sizes, batchSize, loss });
  checkAllRead(settings, loaded);
  if (isRun && recorded) checkWidths(file, loaded.task, recorded);
  const completed = { ...settings, batch_size: loaded.task.batchSize, task_file: recordOf(loaded) };
  checkSizes(modelConfigOf(completed, loaded.source).network, loaded.task, machine.memory);
  const hasChanged = recorded !== undefined && recorded.sha256 !== loaded.sha256;
  const notices = hasChanged ? [changeNotice(file, recorded.sha256, loaded.sha256)] : [];
  return { settings: completed, source: loaded.source, notices };
}

/** Creates the error for something wrong in a task file: one sentence that begins with the file's path. */
function fileError(file: string, what: string): UsageError {
  return new UsageError(`${visibleLine(file)}: ${visibleLine(what.replaceAll(/\s+/g, " "))}`);
}

function recordOf({ sha256, task }: TaskFile): TaskFileRecord {
  return { sha256, input_size: task.inputSize, target_size: task.targetSize };
}

function changeNotice(file: string, before: string, now: string): string {
  return `the task file ${file} has changed since the run recorded it: its SHA-256 was ${before.slice(0, 12)}..., is ${now.slice(0, 12)}...`;
}

/** Throws a UsageError if the function of a file does not read a flag that is given, or the file has no function. */
function checkAllRead(settings: Settings, { source, isFunction, read }: TaskFile): void {
  const unread = unreadFlag(settings, read);
  if (unread === undefined) return;
  const file = source.name;
  if (!isFunction) throw fileError(file, `exports a task, not a function of flags, so it takes no --${unread}`);
  throw fileError(file, `does not read the flag --${unread}; ${hint(unread, read, "its function reads")}`);
}

/** Finds a flag of the task that is given, and that the task does not read. */
function unreadFlag(settings: Settings, read: ReadonlySet<string>): string | undefined {
  const sizes = SIZE_NAMES.map((name) => SIZE_FLAGS[name] as keyof Settings).filter(
    (name) => settings[name] !== undefined,
  );
  return [...Object.keys(settings.task_flags ?? {}), ...sizes].find((name) => !read.has(name));
}

/** Whether a flag is a size, which a task has only if it reads it. */
function isSize(name: string): boolean {
  return Object.values(SIZE_FLAGS).includes(name);
}

/** Suggests the flag that may be meant by another name, or lists all that a task reads. */
function hint(unread: string, read: ReadonlySet<string>, reads: string): string {
  const names = [...read];
  const suggestion = closest(
    unread,
    [...names, ...FLAGS.map(({ name }) => name).filter((name) => !isSize(name))].filter((name) => name !== unread),
  );
  const list = names.length === 0 ? "none" : names.map((name) => `--${name}`).join(", ");
  return suggestion === undefined ? `${reads} ${list}` : `did you mean --${suggestion}?`;
}

/** Throws a UsageError if a task has other widths than the one that a run recorded: the weights would not fit. */
function checkWidths(file: string, { inputSize, targetSize }: CompleteTask, recorded: TaskFileRecord): void {
  for (const [name, expected, width] of [
    ["inputSize", recorded.input_size, inputSize],
    ["targetSize", recorded.target_size, targetSize],
  ] as const)
    if (width !== expected) throw fileError(file, `${name}: expected ${expected} as in the run, got ${width}`);
}

function unloaded(): never {
  throw new Error("the task is not loaded");
}
