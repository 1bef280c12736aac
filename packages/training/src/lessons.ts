import { checkObject, formatValue } from "@dnc/core/engine";
import { type AnyTask, isEpisodeTask } from "@dnc/tasks";
import { checkKeys, checkRange } from "./checks.js";
import { lossOf } from "./loss-of.js";
import { type CompletePromotion, checkedPromotion, type Promotion } from "./promotion.js";

/** Fractions of the batches that are not of the current lesson, each from 0 to 1; together at most 1. */
export type LessonShares = {
  /** Batches of an earlier lesson, each as likely as the others; the first lesson has none; default: 0. */
  readonly earlier?: number | undefined;
  /** Batches of an earlier lesson or the current one, each as likely as the others; default: 0. */
  readonly upToCurrent?: number | undefined;
  /** Batches of any lesson, later ones too, each as likely as the others; default: 0. */
  readonly all?: number | undefined;
};

/** Options of {@link lessons}. */
export type LessonsOptions = LessonShares & {
  /** The tasks from the easiest to the hardest, at least one, of the same loss and sizes. */
  readonly lessons: readonly AnyTask[];
  /** When the next one begins. */
  readonly promotion: Promotion;
};

/** A curriculum of lessons, with every option filled in. It has no state of its own: that is in `TrainingState`. */
export type Lessons = { readonly [Name in keyof LessonShares]-?: number } & {
  /** The tasks from the easiest to the hardest. */
  readonly lessons: readonly AnyTask[];
  /** When the next one begins; of the bounds, one is undefined. */
  readonly promotion: CompletePromotion;
};

const SHARES = ["earlier", "upToCurrent", "all"] as const satisfies readonly (keyof LessonShares)[];

/**
 * Creates a curriculum of lessons, to be used as the `task` of `train`: the run begins with the first, and goes on to the next whenever
 * the current one is passed.
 *
 *     const tasks = [1, 2, 4, 8].map((maxPatterns) => bigRepeatCopy({ maxPatterns }));
 *     const task = lessons({ lessons: tasks, promotion: { atLeast: 0.9, every: 100 }, earlier: 0.1 });
 *     const { report } = await train({ network, task, iterations: 10_000 });
 *
 * Whether a lesson is passed is decided after every `every` iterations, on the batches of the current lesson since the last decision or on new
 * sequences. Which batches are of another lesson is drawn from the run's generator. A resumed run gives the same bits as one that was
 * never interrupted.
 *
 * Known curricula: Graves et al. 2016, Methods, for graphs: `atLeast: 0.9, every: 100, earlier: 0.1`. Collier and Beel 2018
 * (arXiv:1807.08518): uniform is `all: 1`, naive has no shares, look-back is `upToCurrent: 0.1`, look-back-and-forward is `all: 0.2`. Rae et al. 2016
 * (arXiv:1610.09027), the exponential curriculum: lessons of sizes up to 1, 2, 4, 8 and so on, with metric "loss".
 *
 * @param options - `lessons`, `promotion` and shares of other lessons.
 * @returns The curriculum: plain data besides the tasks.
 * @throws TypeError if an option is unknown or of the wrong kind, or a lesson has another loss than the first; RangeError if a number is out
 *   of range, there is no lesson, or one has other sizes than the first.
 */
export function lessons(options: LessonsOptions): Lessons {
  checkKeys("option", options, ["lessons", "promotion", ...SHARES]);
  const { lessons, promotion, earlier = 0, upToCurrent = 0, all = 0 } = options;
  checkTasks(lessons);
  const shares = { earlier, upToCurrent, all };
  checkShares(shares);
  return { lessons: [...lessons], promotion: checkedPromotion(promotion, lessons), ...shares };
}

/** Throws a TypeError or RangeError unless there are tasks of the same loss and sizes. */
function checkTasks(tasks: readonly AnyTask[]): void {
  if (!Array.isArray(tasks)) throw new TypeError(`lessons: expected an array of tasks, got ${formatValue(tasks)}`);
  if (tasks.length === 0) throw new RangeError("lessons: expected at least one task, got none");
  tasks.forEach((task: AnyTask, index) => {
    checkObject(`lessons[${index}]`, task);
    checkSampling(task, index);
    for (const name of ["loss", "groupSizes", "timeAverage", "logProbInBits"] as const)
      checkSame(TypeError, `lessons[${index}].${name}`, lossOf(tasks[0])[name], lossOf(task)[name]);
    for (const name of ["inputSize", "targetSize"] as const)
      checkSame(RangeError, `lessons[${index}].${name}`, tasks[0][name], task[name]);
  });
}

function checkSampling(task: AnyTask, index: number): void {
  const [name, method] = isEpisodeTask(task)
    ? ["startEpisodes", task.startEpisodes]
    : ["sampleBatch", task.sampleBatch];
  if (typeof method !== "function")
    throw new TypeError(`lessons[${index}].${name}: expected a function, got ${formatValue(method)}`);
}

function checkSame(Kind: new (message: string) => Error, name: string, expected: unknown, got: unknown): void {
  if (String(got) !== String(expected))
    throw new Kind(`${name}: expected ${expected} as in the first lesson, got ${got}`);
}

function checkShares(shares: Pick<Lessons, keyof LessonShares>): void {
  for (const name of SHARES)
    checkRange(name, shares[name], "a number from 0 to 1", (value) => value >= 0 && value <= 1);
  const sum = SHARES.reduce((total, name) => total + partsOf(shares[name]), 0);
  if (sum > PARTS) throw new RangeError(`${SHARES.join(" + ")}: expected at most 1, got ${sum / PARTS}`);
}

/** Fractions are rounded to multiples of 1 / `PARTS`, so that integers decide which lesson is drawn. */
export const PARTS = 1_000_000;

/** Returns the number of parts in a fraction. */
export function partsOf(fraction: number): number {
  return Math.round(fraction * PARTS);
}
