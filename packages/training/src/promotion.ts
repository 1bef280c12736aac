import { checkKeys, checkObject, formatValue } from "@dnc/core/engine";
import { type AnyTask, isEpisodeTask } from "@dnc/tasks";
import { checkCount, checkRange } from "./checks.js";

/**
 * What a lesson is passed by: the fraction of sequences without an error (`exact match`), the mean loss per sequence (`loss`), or the mean
 * of one of the tasks' own metrics, by its name in `EpisodeTask.metrics`.
 */
export type PromotionMetric = "exact match" | "loss" | (string & {});

/** When a lesson is passed and the next one begins: exactly one of the bounds `atLeast` and `atMost` is given. */
export type Promotion = {
  /** What is measured; default: "exact match". */
  readonly metric?: PromotionMetric | undefined;
  /** The smallest value that passes: of "exact match" above 0 and at most 1, of "loss" none. */
  readonly atLeast?: number | undefined;
  /** The largest value that passes: of "loss" above 0, of "exact match" none. */
  readonly atMost?: number | undefined;
  /** Number of iterations between decisions; default: 100. */
  readonly every?: number | undefined;
  /**
   * Number of new sequences of the lesson on which the network is evaluated for a decision; default: none, it is measured on the
   * batches of the lesson since the last decision, as they were trained on. A task's own metric needs it.
   */
  readonly sequences?: number | undefined;
};

/** When a lesson is passed, with the defaults filled in. */
export type CompletePromotion = Omit<Promotion, "metric" | "every"> & {
  /** What is measured. */
  readonly metric: PromotionMetric;
  /** Number of iterations between decisions. */
  readonly every: number;
};

/** The two metrics of all tasks. */
const COMMON = ["exact match", "loss"] as const satisfies readonly PromotionMetric[];

/**
 * Fills in the defaults.
 *
 * @param tasks - the lessons.
 * @throws TypeError or RangeError if the promotion is not valid, or a lesson does not have its metric.
 */
export function checkedPromotion(promotion: Promotion, tasks: readonly AnyTask[]): CompletePromotion {
  checkObject("promotion", promotion);
  checkKeys("promotion option", promotion, ["metric", "atLeast", "atMost", "every", "sequences"]);
  const { metric = "exact match", atLeast, atMost, every = 100, sequences } = promotion;
  const own = ownMetrics(tasks);
  if (![...COMMON, ...own].includes(metric)) {
    const names = [...COMMON, ...own].map((name) => `"${name}"`);
    const expected = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
    throw new TypeError(`promotion.metric: expected ${expected}, got ${formatValue(metric)}`);
  }
  checkBounds(metric, promotion);
  checkCount("promotion.every", every);
  if (sequences !== undefined) checkCount("promotion.sequences", sequences);
  else if (own.includes(metric))
    throw new TypeError(`promotion.sequences: expected a positive integer with metric "${metric}", got undefined`);
  return { metric, atLeast, atMost, every, sequences };
}

/** Lists the metrics that all tasks have of their own. */
function ownMetrics([first, ...others]: readonly AnyTask[]): readonly string[] {
  const metricsOf = (task: AnyTask | undefined) => (task && isEpisodeTask(task) ? (task.metrics ?? []) : []);
  return metricsOf(first).filter((name) => others.every((task) => metricsOf(task).includes(name)));
}

/** Throws a TypeError or RangeError unless there is exactly one bound, of the kind that the metric needs. */
function checkBounds(metric: PromotionMetric, { atLeast, atMost }: Promotion): void {
  if (metric === "exact match") {
    checkAbsent("promotion.atMost", atMost, metric);
    checkRange("promotion.atLeast", atLeast, "a number above 0 and at most 1", (value) => value > 0 && value <= 1);
  } else if (metric === "loss") {
    checkAbsent("promotion.atLeast", atLeast, metric);
    checkRange("promotion.atMost", atMost, "a number above 0", (value) => value > 0);
  } else {
    if (atLeast !== undefined && atMost !== undefined)
      throw new TypeError(`promotion.atMost: expected none beside atLeast, got ${formatValue(atMost)}`);
    const [name, bound] = atMost === undefined ? ["atLeast", atLeast] : ["atMost", atMost];
    checkRange(`promotion.${name}`, bound, "a number", () => true);
  }
}

function checkAbsent(name: string, bound: unknown, metric: PromotionMetric): void {
  if (bound !== undefined)
    throw new TypeError(`${name}: expected none with metric "${metric}", got ${formatValue(bound)}`);
}
