import { copy, createRandom, defineTask, repeatCopy } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { LessonProgress } from "../src/lesson-progress.js";
import { type LessonShares, lessons } from "../src/lessons.js";
import { smallTask } from "./support.js";

const tasks = [1, 2, 3, 4].map((maxLength) => repeatCopy({ batchSize: 2, numBits: 2, maxLength }));
const promotion = { atLeast: 0.9 };
const sampleSequence = () => [{ target: [1] }];

describe("lessons", () => {
  it("are plain options with defaults, and may be checked again", () => {
    const plan = lessons({ lessons: tasks, promotion: { atLeast: 0.9, every: 50 }, earlier: 0.1 });
    expect(plan).toEqual({
      lessons: tasks,
      promotion: { metric: "exact match", atLeast: 0.9, every: 50 },
      ...{ earlier: 0.1, upToCurrent: 0, all: 0 },
    });
    expect(lessons(plan)).toEqual(plan);
    expect(lessons({ lessons: tasks, promotion: { metric: "loss", atMost: 2 } }).promotion).toMatchObject({
      every: 100,
    });
  });

  it.each([
    [{ lessons: [] }, RangeError, "lessons: expected at least one task, got none"],
    [{ lessons: smallTask }, TypeError, "lessons: expected an array of tasks, got an object"],
    [{ lessons: [smallTask, 1] }, TypeError, "lessons[1]: expected an object, got 1"],
    [{ lessons: [{}] }, TypeError, "lessons[0].sampleBatch: expected a function, got undefined"],
    [
      { lessons: [smallTask, copy({ numBits: 3 })] },
      RangeError,
      "lessons[1].inputSize: expected 4 as in the first lesson, got 5",
    ],
    [
      { lessons: [1, 2].map((targetSize) => defineTask({ name: "a", inputSize: 1, targetSize, sampleSequence })) },
      RangeError,
      "lessons[1].targetSize: expected 1 as in the first lesson, got 2",
    ],
    [
      { lessons: [smallTask, { ...smallTask, loss: "squared" }] },
      TypeError,
      "lessons[1].loss: expected sigmoid as in the first lesson, got squared",
    ],
    [
      { lessons: [smallTask, { ...smallTask, timeAverage: true }] },
      TypeError,
      "lessons[1].timeAverage: expected false as in the first lesson, got true",
    ],
    [{ promotion: 0.9 }, TypeError, "promotion: expected an object, got 0.9"],
    [{ promotion: { atleast: 0.9 } }, TypeError, "atleast"],
    [
      { promotion: { metric: "bits", atMost: 1 } },
      TypeError,
      'promotion.metric: expected "exact match" or "loss", got',
    ],
    [{ promotion: {} }, TypeError, "promotion.atLeast: expected a number above 0 and at most 1, got undefined"],
    [{ promotion: { atLeast: 0 } }, RangeError, "promotion.atLeast: expected a number above 0 and at most 1, got 0"],
    [
      { promotion: { atLeast: 1.1 } },
      RangeError,
      "promotion.atLeast: expected a number above 0 and at most 1, got 1.1",
    ],
    [
      { promotion: { atLeast: 0.9, atMost: 1 } },
      TypeError,
      'promotion.atMost: expected none with metric "exact match", got 1',
    ],
    [
      { promotion: { metric: "loss", atLeast: 0.9 } },
      TypeError,
      'promotion.atLeast: expected none with metric "loss", got 0.9',
    ],
    [
      { promotion: { metric: "loss", atMost: Number.NaN } },
      RangeError,
      "promotion.atMost: expected a number above 0, got NaN",
    ],
    [{ promotion: { atLeast: 1, every: 0 } }, RangeError, "promotion.every: expected a positive integer, got 0"],
    [
      { promotion: { atLeast: 1, sequences: 0.5 } },
      RangeError,
      "promotion.sequences: expected a positive integer, got",
    ],
    [{ earlier: -0.1 }, RangeError, "earlier: expected a number from 0 to 1, got -0.1"],
    [{ all: "0.1" }, TypeError, 'all: expected a number from 0 to 1, got "0.1"'],
    [{ earlier: 0.6, all: 0.6 }, RangeError, "earlier + upToCurrent + all: expected at most 1, got 1.2"],
    [{ later: 0.1 }, TypeError, "later"],
  ])("that are wrong are an error: %o", (wrong, type, message) => {
    const wrongLessons = () => lessons({ lessons: tasks, promotion, ...wrong } as never);
    expect(wrongLessons).toThrow(type);
    expect(wrongLessons).toThrow(message);
  });
});

/** Fractions of each lesson among many draws, with some lessons passed. */
function drawn(shares: LessonShares, passed: number): number[] {
  const plan = lessons({ lessons: tasks, promotion, ...shares });
  const progress = new LessonProgress(plan, { ...initial(plan), passed: Array(passed).fill(1) }, 1);
  const random = createRandom(5);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 20_000; draw++) counts[progress.next(random)]++;
  return counts.map((count) => count / 20_000);
}

const initial = (plan: ReturnType<typeof lessons>) => new LessonProgress(plan, undefined, 0).state;

describe("the lesson of a batch", () => {
  it.each<[string, LessonShares, number, number[]]>([
    ["naive", {}, 2, [0, 0, 1, 0]],
    ["earlier lessons", { earlier: 0.3 }, 2, [0.15, 0.15, 0.7, 0]],
    ["earlier lessons, in the first", { earlier: 0.3 }, 0, [1, 0, 0, 0]],
    ["earlier lessons, after the last", { earlier: 0.3 }, 4, [0.1, 0.1, 0.1, 0.7]],
    ["look-back", { upToCurrent: 0.3 }, 2, [0.1, 0.1, 0.8, 0]],
    ["look-back and forward", { all: 0.2 }, 1, [0.05, 0.85, 0.05, 0.05]],
    ["uniform", { all: 1 }, 0, [0.25, 0.25, 0.25, 0.25]],
    ["two shares", { earlier: 0.4, all: 0.4 }, 1, [0.5, 0.3, 0.1, 0.1]],
  ])("has the distribution of its curriculum: %s", (_, shares, passed, expected) => {
    drawn(shares, passed).forEach((fraction, lesson) => {
      // Four standard deviations; exactly 0 or 1 where that is expected.
      const tolerance = 4 * Math.sqrt((expected[lesson] * (1 - expected[lesson])) / 20_000);
      expect(Math.abs(fraction - expected[lesson])).toBeLessThanOrEqual(tolerance);
    });
  });

  it("takes no number from the generator without shares, so that a run of one lesson is a run of its task", () => {
    const random = createRandom(3);
    new LessonProgress(lessons({ lessons: tasks, promotion }), undefined, 0).next(random);
    expect(random.state()).toEqual(createRandom(3).state());
  });
});

describe("a decision", () => {
  const result = (exactMatch: number, loss = 1) => ({ loss, globalNorm: 1, applied: true, exactMatch });
  const noEvaluation = () => Promise.reject(new Error("no evaluation"));

  it("counts only batches of the current lesson, since the last decision", async () => {
    const progress = new LessonProgress(
      lessons({ lessons: tasks, promotion: { atLeast: 0.75, every: 3 } }),
      undefined,
      0,
    );
    const decide = (step: number) => progress.decide(step, createRandom(1), noEvaluation);
    progress.record(0, result(1), 2);
    expect([progress.isDue(1), progress.isDue(2), progress.isDue(3)]).toEqual([false, false, true]);
    expect(await decide(3)).toBeUndefined();
    progress.record(0, result(2), 2);
    progress.record(1, result(0), 2);
    progress.record(0, result(1), 2);
    expect([progress.isDue(5), progress.isDue(6)]).toEqual([false, true]);
    expect(await decide(6)).toEqual({ number: 1, count: 4, step: 6, metric: "exact match", value: 0.75 });
    expect(progress.state).toMatchObject({ passed: [6], decided: 6, sums: { iterations: 0 } });
    // No batch of the lesson: nothing is known, so it is not passed.
    progress.record(0, result(2), 2);
    expect(await decide(9)).toBeUndefined();
    expect(progress.at(6)).toEqual({ number: 1, count: 4, began: 0, finished: false });
    expect(progress.at(7)).toEqual({ number: 2, count: 4, began: 6, finished: false });
  });

  it("compares the mean loss with an upper bound", async () => {
    const plan = lessons({ lessons: tasks, promotion: { metric: "loss", atMost: 2, every: 2 } });
    const progress = new LessonProgress(plan, undefined, 0);
    for (const [losses, passed] of [
      [[2, 2.1], 0],
      [[1.9, 2.1], 1],
    ] as const) {
      for (const loss of losses) progress.record(0, result(0, loss), 5);
      await progress.decide(2, createRandom(1), noEvaluation);
      expect(progress.state.passed).toHaveLength(passed);
    }
  });

  it("is not made after the last lesson, in which the run stays", async () => {
    const progress = new LessonProgress(
      lessons({ lessons: tasks.slice(0, 2), promotion: { atLeast: 1, every: 1 } }),
      undefined,
      10,
    );
    for (const step of [11, 12]) {
      expect(progress.isDue(step)).toBe(true);
      progress.record(progress.current, result(2), 2);
      await progress.decide(step, createRandom(1), noEvaluation);
    }
    expect([progress.isDue(100), progress.current]).toEqual([false, 1]);
    progress.record(1, result(2), 2);
    expect(progress.state).toEqual({ passed: [11, 12], decided: 12, sums: expect.objectContaining({ iterations: 0 }) });
    expect(progress.at(12)).toEqual({ number: 2, count: 2, began: 11, finished: false });
    expect(progress.at(13)).toEqual({ number: 2, count: 2, began: 11, finished: true });
  });

  it("evaluates new sequences of the current lesson if asked to", async () => {
    const plan = lessons({ lessons: tasks, promotion: { atLeast: 0.5, every: 4, sequences: 10 } });
    const progress = new LessonProgress(plan, { ...initial(plan), passed: [4] }, 4);
    const random = createRandom(7);
    const seen: unknown[] = [];
    const evaluation = (exactMatch: number) => async (task: unknown, options: { sequences: number }) => {
      seen.push(task, options.sequences);
      return { sequences: 10, exactMatch, loss: 1, bits: 1, wrongBits: 1 };
    };
    const failing = () => Promise.reject(new Error("no memory"));
    await expect(progress.decide(8, random, failing)).rejects.toThrow("no memory");
    expect([random.state(), progress.state.decided]).toEqual([createRandom(7).state(), 0]);
    expect(await progress.decide(8, random, evaluation(4))).toBeUndefined();
    expect(await progress.decide(12, random, evaluation(5))).toMatchObject({ number: 2, value: 0.5 });
    expect(seen).toEqual([tasks[1], 10, tasks[1], 10]);
    expect(random.state()).not.toEqual(createRandom(7).state());
  });

  it("needs a state that fits the lessons", () => {
    const plan = lessons({ lessons: tasks.slice(0, 1), promotion });
    expect(() => new LessonProgress(plan, { ...initial(plan), passed: [1, 2] }, 2)).toThrow(
      "state.lessons.passed: expected at most 1 lessons, got 2",
    );
  });
});
