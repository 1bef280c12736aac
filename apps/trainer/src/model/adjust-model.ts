import { type SeededModel, type SizeName, type TaskConfig, UsageError } from "@dnc/settings";
import { hasOwnFlags } from "@dnc/settings/flags";

/** Sizes that a command may change; undefined: that of the run. */
export type Adjustments = {
  readonly [Name in "memorySize" | "minLength" | "maxLength" | "minRepeats" | "maxRepeats"]?: number | undefined;
};

/** Options of commands that change sizes of the sequences, and the sizes that they change. */
const OPTIONS = {
  min_length: "minLength",
  max_length: "maxLength",
  length: "maxLength",
  min_repeats: "minRepeats",
  max_repeats: "maxRepeats",
  repeats: "maxRepeats",
} as const satisfies Readonly<Record<string, SizeName>>;

/** Smallest upper bound of the sizes in a map. */
const MIN_MAP_SIZE = 4;

/**
 * Changes the memory and the sequences of a run. If a given bound crosses the run's other bound, that becomes equal.
 *
 * @param batchSize - number of sequences at a time.
 * @throws UsageError if the lower of two given bounds exceeds the upper, or the task does not have a size.
 */
export function adjustModel(
  { task, network, ...rest }: SeededModel,
  { minLength, maxLength, minRepeats, maxRepeats, memorySize: given }: Adjustments,
  batchSize: number,
): SeededModel {
  if (given !== undefined && network.kind === "lstm")
    throw new UsageError(`--memory_size: expected only with network dnc, got it with network ${network.kind}`);
  checkTaskSizes(task, { min_length: minLength, max_length: maxLength });
  checkTaskSizes(task, { min_repeats: minRepeats, max_repeats: maxRepeats });
  const [low, high] = bounds("length", [minLength, maxLength], [task.minLength, task.maxLength]);
  const [few, many] = bounds("repeats", [minRepeats, maxRepeats], [task.minRepeats, task.maxRepeats]);
  const adjusted = { minLength: low, maxLength: high, minRepeats: few, maxRepeats: many };
  const memorySize = given ?? network.memorySize;
  return { ...rest, network: { ...network, memorySize }, task: { ...task, batchSize, ...adjusted } };
}

/**
 * Checks that sizes are given only for a task that has them.
 *
 * @param given - values by the names of the options.
 * @throws UsageError naming the first option that is given.
 */
export function checkTaskSizes(
  { source }: TaskConfig,
  given: { readonly [Option in keyof typeof OPTIONS]?: number | undefined },
): void {
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined || source.sizes.includes(OPTIONS[option as keyof typeof OPTIONS])) continue;
    const { name } = source;
    throw new UsageError(
      hasOwnFlags(name)
        ? `--${option}: expected only with a task that has it, got it with ${name}, which does not read it`
        : `--${option}: expected only with task repeat-copy, got it with task ${name}`,
    );
  }
}

/** Changes the sequences of a run to one length and one number of repeats; default: the run's largest. */
export function oneSequence(
  config: SeededModel,
  sizes: { readonly [Name in "length" | "repeats" | "memorySize"]?: number | undefined },
): SeededModel {
  const { task } = config;
  const { length = task.maxLength, repeats = task.maxRepeats, memorySize } = sizes;
  const has = (size: SizeName) => task.source.sizes.includes(size);
  const lengths = has("maxLength") ? { minLength: has("minLength") ? length : undefined, maxLength: length } : {};
  const repetitions = has("maxRepeats")
    ? { minRepeats: has("minRepeats") ? repeats : undefined, maxRepeats: repeats }
    : {};
  return adjustModel(config, { memorySize, ...lengths, ...repetitions }, 1);
}

/**
 * Changes the sequences of a run to all sizes up to the largest of a map of accuracy.
 *
 * @param options - the largest sizes and the memory; default: twice the run's sizes, at least 4, and the run's memory.
 * @param batchSize - number of sequences at a time.
 */
export function mapModel(
  config: SeededModel,
  { maxLength, maxRepeats, memorySize }: Pick<Adjustments, "maxLength" | "maxRepeats" | "memorySize">,
  batchSize: number,
): SeededModel {
  const { task } = config;
  const has = (size: SizeName) => task.source.sizes.includes(size);
  const largest = (size: "maxLength" | "maxRepeats", given: number | undefined) => {
    const trained = has(size) ? task[size] : undefined;
    return given ?? (trained === undefined ? undefined : Math.max(2 * trained, MIN_MAP_SIZE));
  };
  const [length, repeats] = [largest("maxLength", maxLength), largest("maxRepeats", maxRepeats)];
  const smallest = (size: SizeName, max: number | undefined) => (max !== undefined && has(size) ? 1 : undefined);
  const lengths = { minLength: smallest("minLength", length), maxLength: length };
  const repetitions = { minRepeats: smallest("minRepeats", repeats), maxRepeats: repeats };
  return adjustModel(config, { memorySize, ...lengths, ...repetitions }, batchSize);
}

function bounds(
  what: string,
  [low, high]: readonly [number | undefined, number | undefined],
  [runLow, runHigh]: readonly [number | undefined, number | undefined],
): readonly [number | undefined, number | undefined] {
  if (low !== undefined && high !== undefined && low > high) {
    throw new UsageError(`--min_${what}: expected at most max_${what} (${high}), got ${low}`);
  }
  const min = low ?? least(runLow, high);
  return [min, high ?? greatest(runHigh, min)];
}

/** The smaller of two numbers; undefined if the first is. */
function least(run: number | undefined, given: number | undefined): number | undefined {
  return run === undefined || given === undefined ? run : Math.min(run, given);
}

/** The greater of two numbers; undefined if the first is. */
function greatest(run: number | undefined, given: number | undefined): number | undefined {
  return run === undefined || given === undefined ? run : Math.max(run, given);
}
