import { UsageError } from "../usage-error.js";
import type { Settings } from "./train-flags.js";

/** What a command may set differently from the run; undefined where nothing is said. */
export interface Adjustments {
  readonly memory_size?: number | undefined;
  readonly min_length?: number | undefined;
  readonly max_length?: number | undefined;
  readonly min_repeats?: number | undefined;
  readonly max_repeats?: number | undefined;
}

/** What is given and for one task only: flag and value. */
type Given = readonly (readonly [flag: string, value: number | undefined])[];

/**
 * The settings of a run, some of them changed. A bound that crosses the run's other bound moves that one too.
 *
 * @param batchSize - of the command.
 * @throws UsageError if two given bounds contradict each other.
 */
export function adjustSettings(settings: Settings, given: Adjustments, batchSize: number): Settings {
  const { min_length, max_length, min_repeats, max_repeats, memory_size } = given;
  refuseRepeats(settings, Object.entries({ min_repeats, max_repeats }));
  const lengths = bounds("length", [min_length, max_length], [settings.min_length, settings.max_length]);
  const repeats = bounds("repeats", [min_repeats, max_repeats], [settings.min_repeats, settings.max_repeats]);
  return {
    ...settings,
    memory_size: memory_size ?? settings.memory_size,
    batch_size: batchSize,
    min_length: lengths[0],
    max_length: lengths[1],
    min_repeats: repeats[0],
    max_repeats: repeats[1],
  };
}

/** @throws UsageError if a flag about repeats was given to a run of a task that has none. */
export function refuseRepeats({ task }: Settings, given: Given): void {
  if (task === "repeat-copy") return;
  for (const [flag, value] of given) {
    if (value === undefined) continue;
    throw new UsageError(`--${flag}: expected only with task repeat-copy, got it with task ${task}`);
  }
}

function bounds(
  what: string,
  [low, high]: readonly [number | undefined, number | undefined],
  [ownLow, ownHigh]: readonly [number, number],
): readonly [number, number] {
  if (low !== undefined && high !== undefined && low > high) {
    throw new UsageError(`--min_${what}: expected at most max_${what} (${high}), got ${low}`);
  }
  const least = low ?? Math.min(ownLow, high ?? ownLow);
  return [least, high ?? Math.max(ownHigh, least)];
}
