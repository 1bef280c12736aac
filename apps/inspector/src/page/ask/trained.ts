/** What a network was trained with, from the settings of its run. */

/** Sizes of the sequences of a training: the least and the greatest. */
export interface TrainedRange {
  readonly min: number;
  readonly max: number;
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * Lists the sizes that a task's sequences had in the training, by their names: `length` for `min_length` and `max_length`.
 *
 * @param settings - of the run, with those of the task in `task_flags` or beside the others.
 */
export function trainedRanges(settings: Settings): ReadonlyMap<string, TrainedRange> {
  const flags = settings.task_flags;
  const all: Settings = { ...settings, ...(typeof flags === "object" && flags !== null ? flags : {}) };
  const names = Object.keys(all).flatMap((name) => (name.startsWith("max_") ? [name.slice("max_".length)] : []));
  const ranges = names.map((name) => [name, { min: all[`min_${name}`], max: all[`max_${name}`] }] as const);
  return new Map(ranges.filter((range): range is [string, TrainedRange] => isRange(range[1])));
}

function isRange({ min, max }: { readonly min: unknown; readonly max: unknown }): boolean {
  return Number.isInteger(min) && Number.isInteger(max);
}

/** Says what the training had: `trained with 1 to 5`; undefined if that is not known. */
export function trainedWith(range: TrainedRange | undefined): string | undefined {
  if (!range) return undefined;
  return range.min === range.max ? `trained with ${range.min}` : `trained with ${range.min} to ${range.max}`;
}

/** Says that a size is outside of the training: `length 9, trained with 1 to 5`; undefined if it is not. */
export function outsideOf(name: string, value: number, range: TrainedRange | undefined): string | undefined {
  if (!range || (value >= range.min && value <= range.max)) return undefined;
  return `${name} ${value}, ${trainedWith(range)}`;
}
