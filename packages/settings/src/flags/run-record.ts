/** What config.json records in addition to flags: the task's file, its flags, lessons, and changes of a resumed run. */
import { formatValue } from "@dnc/report";
import { UsageError } from "../usage-error.js";
import type { FlagValue } from "./flag-value.js";

/** Flags of a task that the trainer does not know, by their names with underscores. */
export type TaskFlags = Readonly<Record<string, FlagValue>>;

/** The file of a task, as it was when the run began or was last resumed. */
export type TaskFileRecord = {
  /** SHA-256 of the file, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Width of the task's inputs. */
  readonly input_size: number;
  /** Width of its targets. */
  readonly target_size: number;
};

/** A change of settings when a run was resumed. */
export type Change = {
  /** Iterations that were run with the earlier settings. */
  readonly step: number;
  /** Earlier values of the settings that changed; a setting without a value is absent. */
  readonly from: Readonly<Record<string, FlagValue>>;
  /** Their values from then on. */
  readonly to: Readonly<Record<string, FlagValue>>;
};

/** Keys of config.json that are not flags. */
export type RunRecord = {
  /** Flags of the task that are no flags of `dnc train`. */
  readonly task_flags?: TaskFlags | undefined;
  /** The file of the task. */
  readonly task_file?: TaskFileRecord | undefined;
  /** Changes of settings when the run was resumed, in their order. */
  readonly changes?: readonly Change[] | undefined;
  /** Name of the preset with which the run began. */
  readonly preset?: string | undefined;
  /** For each lesson, the settings of the task that differ from the run's, under the names of flags. */
  readonly lessons?: readonly TaskFlags[] | undefined;
  /** When a lesson is passed, and the shares of other lessons. */
  readonly promotion?: TaskFlags | undefined;
};

/** Checks of the keys that are not flags: each returns what is expected, or undefined if the value is valid. */
const CHECKS: Readonly<Record<keyof RunRecord, (value: unknown) => string | undefined>> = {
  task_flags: (value) => (isValues(value) ? undefined : "an object of flags and their values"),
  task_file: (value) => {
    const { sha256, input_size, target_size } = objectOf(value);
    const isValid = /^[0-9a-f]{64}$/.test(String(sha256)) && isCount(input_size) && isCount(target_size);
    return isValid ? undefined : "an object with sha256, input_size and target_size";
  },
  changes: (value) => (Array.isArray(value) && value.every(isChange) ? undefined : "an array of { step, from, to }"),
  lessons: (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isValues)
      ? undefined
      : "an array of at least one object of flags and their values",
  promotion: (value) => (isValues(value) ? undefined : "an object of names and values"),
  preset: (value) => (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(String(value)) ? undefined : "the name of a preset"),
};

/** Whether a key of config.json is one of a run's record. */
export function isRecordKey(key: string): key is keyof RunRecord {
  return Object.hasOwn(CHECKS, key);
}

/**
 * Checks a value of a run's record.
 *
 * @param label - beginning of the error message: file and key.
 * @throws UsageError if it is not valid.
 */
export function checkRecord(key: keyof RunRecord, value: unknown, label: string): void {
  const expected = CHECKS[key](value);
  if (expected !== undefined) throw new UsageError(`${label}: expected ${expected}, got ${formatValue(value)}`);
}

/**
 * Returns the settings of a run as they were when a checkpoint was saved: undoes later changes.
 *
 * @param settings - settings after all changes.
 * @param changes - the changes of the run.
 * @param step - iterations that the checkpoint has.
 */
export function settingsAt(
  settings: Readonly<Record<string, unknown>>,
  changes: readonly Change[],
  step: number,
): Record<string, unknown> {
  const earlier: Record<string, unknown> = { ...settings };
  for (const { from, to } of changes.filter((change) => change.step >= step).reverse())
    for (const name of Object.keys({ ...to, ...from })) earlier[name] = from[name];
  return earlier;
}

function isChange(value: unknown): boolean {
  const { step, from, to } = objectOf(value);
  return Number.isSafeInteger(step) && (step as number) >= 0 && isValues(from) && isValues(to);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isValues(value: unknown): boolean {
  const isValue = (each: unknown) =>
    typeof each === "string" || typeof each === "boolean" || (typeof each === "number" && Number.isFinite(each));
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isValue);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
