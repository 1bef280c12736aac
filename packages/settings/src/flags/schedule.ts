/** Settings of learning-rate schedules: which a schedule has, their defaults, and how they fit each other. */
import type { ScheduleOptions } from "@dnc/training";
import { UsageError } from "../usage-error.js";
import type { Settings } from "./train-flags.js";

/** Settings that only some schedules have. */
type ScheduleSetting = "final_learning_rate" | "schedule_iterations" | "schedule_interval" | "schedule_factor";

const TO_FINAL_RATE = ["final_learning_rate", "schedule_iterations"] as const;
const BY_FACTOR = ["final_learning_rate", "schedule_interval", "schedule_factor"] as const;

const SETTINGS: Readonly<Record<Settings["learning_rate_schedule"], readonly ScheduleSetting[]>> = {
  constant: [],
  linear: TO_FINAL_RATE,
  cosine: TO_FINAL_RATE,
  step: BY_FACTOR,
  exponential: BY_FACTOR,
};

/** Factor of a step or exponential schedule; the library's default. */
const FACTOR = 0.5;

/** Returns the schedule of the learning rate; undefined if the rate is constant from the first iteration. */
export function scheduleOf(settings: Settings): ScheduleOptions | undefined {
  const {
    learning_rate_schedule: type,
    learning_rate: rate,
    warm_up: warmUp,
    final_learning_rate: finalRate,
  } = settings;
  const { schedule_iterations, schedule_interval, schedule_factor: factor } = settings;
  if (type === "constant") return warmUp === 0 ? undefined : { type, rate, warmUp };
  return type === "linear" || type === "cosine"
    ? { type, rate, warmUp, iterations: schedule_iterations as number, finalRate } // known by scheduleDefaults
    : { type, rate, warmUp, interval: schedule_interval as number, factor, minRate: finalRate };
}

/**
 * Returns the settings that only some schedules have, with the defaults of the schedule in use. They are recorded when the
 * run begins, so that more iterations later do not change them.
 */
export function scheduleDefaults(settings: Settings): Partial<Settings> {
  const { learning_rate_schedule: schedule, num_training_iterations: iterations } = settings;
  const defaults = {
    schedule_iterations: iterations,
    schedule_interval: Math.max(1, Math.floor(iterations / 10)),
    schedule_factor: FACTOR,
  };
  const has = (name: ScheduleSetting) => SETTINGS[schedule].includes(name);
  const names = Object.keys(defaults) as (keyof typeof defaults)[];
  return Object.fromEntries(names.map((name) => [name, has(name) ? (settings[name] ?? defaults[name]) : undefined]));
}

/** Lists the settings that a schedule does not have; none for a word that is no schedule. */
export function settingsOfOtherSchedules(schedule: unknown): readonly string[] {
  const own = Object.hasOwn(SETTINGS, String(schedule)) ? SETTINGS[schedule as keyof typeof SETTINGS] : undefined;
  return own ? allSettings().filter((name) => !own.includes(name)) : [];
}

/**
 * Checks that the settings of a schedule are given only with one that has them, and fit each other.
 *
 * @param labelOf - returns the name of a value in errors; undefined if it is not given.
 * @throws UsageError for the first that is not valid.
 */
export function checkSchedule(settings: Settings, labelOf: (name: string) => string | undefined): void {
  const { learning_rate_schedule: schedule, warm_up, learning_rate, final_learning_rate: finalRate } = settings;
  for (const name of settingsOfOtherSchedules(schedule)) {
    const label = labelOf(name);
    if (label === undefined) continue;
    const expected = `expected only with learning_rate_schedule ${schedulesWith(name)}`;
    throw new UsageError(`${label}: ${expected}, got it with ${schedule}`);
  }
  const { schedule_iterations: iterations = Number.POSITIVE_INFINITY } = scheduleDefaults(settings);
  if (warm_up >= iterations) {
    const label = labelOf("warm_up") ?? "--learning_rate_schedule: warm_up";
    throw new UsageError(`${label}: expected less than the iterations of the schedule (${iterations}), got ${warm_up}`);
  }
  const isLowest = SETTINGS[schedule].includes("schedule_factor");
  if (!isLowest || finalRate === undefined || finalRate <= learning_rate) return;
  const label = labelOf("final_learning_rate");
  throw new UsageError(`${label}: expected at most learning_rate (${learning_rate}), got ${finalRate}`);
}

function allSettings(): ScheduleSetting[] {
  return [...new Set([...TO_FINAL_RATE, ...BY_FACTOR])];
}

/** Lists the schedules that have a setting: `linear or cosine`. */
function schedulesWith(setting: string): string {
  const names = Object.entries(SETTINGS).flatMap(([name, own]) => (own.some((each) => each === setting) ? [name] : []));
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
