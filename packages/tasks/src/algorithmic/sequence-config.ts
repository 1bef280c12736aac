import { assertKeys, assertPositiveInteger } from "../checks.js";
import { LOSS_KEYS, type LossOptions } from "../loss-options.js";

/** What every algorithmic task can be configured with, beside its own sizes. */
export type SequenceConfig = LossOptions & {
  /** Number of sequences in a batch; default: 16. */
  readonly batchSize?: number | undefined;
  /** Whether the network stops at the end of each sequence; default: false, it runs to the end of the longest. */
  readonly lengths?: boolean | undefined;
};

/** Sizes that may be absent: then each has its default. */
export type Sizes<Complete extends object> = { readonly [Name in keyof Complete]?: Complete[Name] | undefined };

/**
 * Fills in the defaults of a task's configuration.
 *
 * @param config - the configuration; a key whose value is undefined counts as absent.
 * @param defaults - the task's own sizes.
 * @returns the sizes, and what `defineTask` takes as it is.
 * @throws RangeError if `batchSize` is no positive integer; TypeError if it is no number or a key is unknown.
 */
export function completeConfig<Complete extends object>(
  config: SequenceConfig & Sizes<Complete>,
  defaults: Complete,
): { readonly sizes: Complete; readonly shared: SequenceConfig & { readonly batchSize: number } } {
  const own = Object.keys(defaults) as (keyof Complete & string)[];
  assertKeys("config", config, ["batchSize", ...own, "lengths", ...LOSS_KEYS]);
  const { batchSize = 16, lengths, loss, groupSizes, timeAverage, logProbInBits } = config;
  assertPositiveInteger("batchSize", batchSize);
  const given = own.filter((name) => config[name] !== undefined).map((name) => [name, config[name]]);
  const sizes = { ...defaults, ...Object.fromEntries(given) };
  return { sizes, shared: { batchSize, lengths, loss, groupSizes, timeAverage, logProbInBits } };
}
