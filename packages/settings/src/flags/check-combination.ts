import { checkSizes } from "../model/sizes.js";
import { builtInTask } from "../task/built-in.js";
import { UsageError } from "../usage-error.js";
import type { Flag } from "./flag.js";
import type { FlagValue } from "./flag-value.js";
import { modelConfigOf } from "./model-config.js";
import { checkSchedule } from "./schedule.js";
import { belongsTo, FLAGS, isUsed, type Settings } from "./train-flags.js";

/** A value with its source. */
export interface SourcedValue {
  readonly value: FlagValue;
  /** Name of the value in errors. */
  readonly label: string;
  /** Priority of the source: 1 for the run to resume, 2 for a preset, 3 for a config file, 4 for the command line. */
  readonly priority: number;
}

/**
 * Checks that settings go together.
 *
 * @param given - the values that are not defaults.
 * @param memory - memory of the machine in bytes; undefined: not known.
 * @throws UsageError for the first that does not.
 */
export function checkCombination(
  settings: Settings,
  given: ReadonlyMap<string, SourcedValue>,
  memory: number | undefined,
): void {
  for (const flag of FLAGS as readonly Flag[]) {
    const label = given.get(flag.name)?.label;
    if (label && !belongsTo(settings.task, flag))
      throw new UsageError(`${label}: expected only with task ${flag.onlyFor}, got it with task ${settings.task}`);
    if (label && flag.onlyWith && !isUsed(settings, flag)) {
      const [setting, value] = flag.onlyWith;
      throw new UsageError(`${label}: expected only with ${setting} ${value}, got it with ${settings[setting]}`);
    }
  }
  checkNetwork(settings, given);
  checkOrder("min_length", "max_length", settings, given);
  checkOrder("min_repeats", "max_repeats", settings, given);
  checkSchedule(settings, (name) => given.get(name)?.label);
  // The sizes of a file's task are checked when it was loaded.
  const source = builtInTask(settings.task);
  if (!source) return;
  const { network, task } = modelConfigOf(settings, source);
  checkSizes(network, source.create(task), memory);
}

/** Whether a DNC's LSTM has several layers. */
export function isDeep({ network, layers = 1 }: Settings): boolean {
  return network === "dnc" && layers > 1;
}

/** Checks that layers are given only for an LSTM, and sharpness only with links. */
function checkNetwork(settings: Settings, given: ReadonlyMap<string, SourcedValue>): void {
  const { controller, sharpness, no_links: noLinks } = settings;
  if (isDeep(settings) && !controller.endsWith("lstm")) {
    const expected = "expected 1 unless controller is lstm or deep-lstm";
    throw new UsageError(`${given.get("layers")?.label}: ${expected}, got ${settings.layers}`);
  }
  if (sharpness && noLinks)
    throw new UsageError(`${given.get("sharpness")?.label}: expected only with links, got it with no_links`);
}

/** Checks the order of two bounds. The error names the one from the source of higher priority, never a default. */
function checkOrder(
  low: "min_length" | "min_repeats",
  high: "max_length" | "max_repeats",
  settings: Settings,
  given: ReadonlyMap<string, SourcedValue>,
): void {
  const [min, max] = [settings[low], settings[high]];
  if (min === undefined || max === undefined || min <= max) return;
  const wrong = (given.get(high)?.priority ?? 0) > (given.get(low)?.priority ?? 0) ? high : low;
  const [other, relation] = wrong === high ? [low, "at least"] : [high, "at most"];
  const label = given.get(wrong)?.label;
  throw new UsageError(`${label}: expected ${relation} ${other} (${settings[other]}), got ${settings[wrong]}`);
}
