import type { TrainStepResult } from "@dnc/core/engine";
import type { AnyTask, Random, Score } from "@dnc/tasks";
import { createRandom, restoreRandom } from "@dnc/tasks";
import { addIteration, type IntervalSums, meansOf, NO_SUMS } from "./interval-metrics.js";
import { type Lessons, PARTS, partsOf } from "./lessons.js";
import type { PromotionMetric } from "./promotion.js";

/** How far a run is in its lessons: plain data for a checkpoint. */
export type LessonsState = {
  /** For each lesson that was passed, in order, the number of iterations after which it was. */
  readonly passed: readonly number[];
  /** Number of iterations after which it was last decided whether the lesson is passed, or the curriculum began. */
  readonly decided: number;
  /** Sums over the batches of the current lesson since then. */
  readonly sums: IntervalSums;
};

/** The lesson of an iteration. */
export type CurrentLesson = {
  /** Number of the lesson, from 1. */
  readonly number: number;
  /** Number of lessons. */
  readonly count: number;
  /** Number of iterations after which the lesson began. */
  readonly began: number;
  /** Whether the last lesson is passed. */
  readonly finished: boolean;
};

/** A lesson that was passed. */
export type PassedLesson = {
  /** Number of the lesson, from 1. */
  readonly number: number;
  /** Number of lessons; after the last one the run stays in it. */
  readonly count: number;
  /** Number of iterations after which it was passed. */
  readonly step: number;
  /** What was measured. */
  readonly metric: PromotionMetric;
  /** Its value: a fraction for "exact match", otherwise a mean per sequence. */
  readonly value: number;
};

/** Evaluates the network on new sequences of a task. */
export type EvaluateLesson = (task: AnyTask, options: { random: Random; sequences: number }) => Promise<Score>;

/** Largest seed of the generator of an evaluation. */
const MAX_SEED = 2 ** 32 - 1;

/** How far a run is in its lessons, and which one each batch is of. */
export class LessonProgress {
  readonly #plan: Lessons;
  #state: LessonsState;

  /**
   * @param state - as it was saved; undefined: the curriculum begins.
   * @param step - number of iterations done.
   * @throws RangeError if more lessons were passed than there are.
   */
  constructor(plan: Lessons, state: LessonsState | undefined, step: number) {
    const [passed, count] = [state?.passed.length ?? 0, plan.lessons.length];
    if (passed > count) throw new RangeError(`state.lessons.passed: expected at most ${count} lessons, got ${passed}`);
    this.#plan = plan;
    this.#state = state ?? { passed: [], decided: step, sums: NO_SUMS };
  }

  get state(): LessonsState {
    return this.#state;
  }

  /** Returns the lesson that the last of a number of iterations is of. */
  at(step: number): CurrentLesson {
    const { length: count } = this.#plan.lessons;
    const before = this.#state.passed.filter((passed) => passed < step);
    const index = Math.min(before.length, count - 1);
    return { number: index + 1, count, began: before[index - 1] ?? 0, finished: before.length === count };
  }

  /** Draws the lesson of the next batch; returns its index. */
  next(random: Random): number {
    const { lessons, ...shares } = this.#plan;
    const { current } = this;
    const hasShares = [shares.earlier, shares.upToCurrent, shares.all].some((share) => partsOf(share) > 0);
    return hasShares ? drawLesson(random, shares, { current, count: lessons.length }) : current;
  }

  /** Index of the current lesson. */
  get current(): number {
    return Math.min(this.#state.passed.length, this.#plan.lessons.length - 1);
  }

  /** Adds the result of an iteration, whose batch was of the lesson with this index. */
  record(index: number, result: TrainStepResult, sequences: number): void {
    if (index !== this.current || this.#isFinished) return;
    this.#state = { ...this.#state, sums: addIteration(this.#state.sums, result, sequences) };
  }

  /** Whether it must be decided after an iteration, whose result and those before were recorded, if the lesson is passed. */
  isDue(step: number): boolean {
    return !this.#isFinished && step - this.#state.decided >= this.#plan.promotion.every;
  }

  /**
   * Decides whether the current lesson is passed.
   *
   * @param random - the run's generator; it advances if the network is evaluated, once that has succeeded.
   * @returns the lesson that was passed; undefined if it was not.
   */
  async decide(step: number, random: Random, evaluate: EvaluateLesson): Promise<PassedLesson | undefined> {
    const { promotion, lessons } = this.#plan;
    const { metric, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = promotion;
    const value = await this.#measure(random, evaluate);
    const { passed } = this.#state;
    const isPassed = value >= atLeast && value <= atMost;
    this.#state = { passed: isPassed ? [...passed, step] : passed, decided: step, sums: NO_SUMS };
    return isPassed ? { number: passed.length + 1, count: lessons.length, step, metric, value } : undefined;
  }

  /** Measures the metric; NaN without a batch of the lesson. */
  async #measure(random: Random, evaluate: EvaluateLesson): Promise<number> {
    const { lessons, promotion } = this.#plan;
    const { metric, sequences } = promotion;
    if (sequences === undefined) {
      const { exactMatch, loss } = meansOf(this.#state.sums);
      return metric === "loss" ? loss : exactMatch;
    }
    // A failed evaluation must leave the generator as it was, for the run that resumes.
    const seed = restoreRandom(random.state()).integer(0, MAX_SEED);
    const score = await evaluate(lessons[this.current], { random: createRandom(seed), sequences });
    random.integer(0, MAX_SEED);
    return totalOf(score, metric) / score.sequences;
  }

  get #isFinished(): boolean {
    return this.#state.passed.length === this.#plan.lessons.length;
  }
}

/** Returns the sum of a metric over the sequences of a score. Throws a TypeError if the episodes do not have what their task names. */
function totalOf({ loss, exactMatch, metrics = {} }: Score, metric: PromotionMetric): number {
  if (metric === "loss") return loss;
  if (metric === "exact match") return exactMatch;
  if (!Object.hasOwn(metrics, metric))
    throw new TypeError(`metrics.${metric}: expected a number for each episode, got none`);
  return metrics[metric];
}

/** Draws the index of a lesson. */
function drawLesson(
  random: Random,
  { earlier, upToCurrent, all }: Omit<Lessons, "lessons">,
  { current, count }: { readonly current: number; readonly count: number },
): number {
  const part = random.integer(0, PARTS - 1);
  const ends = [partsOf(earlier), partsOf(upToCurrent), partsOf(all)].map((_, index, parts) =>
    parts.slice(0, index + 1).reduce((sum, each) => sum + each),
  );
  if (part < ends[0]) return current === 0 ? 0 : random.integer(0, current - 1);
  if (part < ends[1]) return random.integer(0, current);
  return part < ends[2] ? random.integer(0, count - 1) : current;
}
