/** Promotion by a metric that a task of episodes has of its own. */
import { createRandom, type EpisodeTask, miniShrdlu, shortestPath } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { lessons, type PassedLesson, train } from "../src/index.js";
import { LessonProgress } from "../src/lesson-progress.js";
import { echoTask } from "./episode-support.js";
import { smallNetwork } from "./support.js";

const task: EpisodeTask = { ...echoTask({ batchSize: 8 }), metrics: ["half", "quarter"] };
const other: EpisodeTask = { ...task, metrics: ["quarter", "half"] };
const promotion = { metric: "half", atLeast: 0.5, sequences: 16 };

describe("promotion by a metric of the task", () => {
  it.each([
    ["exactly the bound from below", { atLeast: 0.5 }, true],
    ["less than the least", { atLeast: 0.51 }, false],
    ["exactly the bound from above", { atMost: 0.5 }, true],
    ["more than the most", { atMost: 0.49 }, false],
    ["a bound below zero", { atLeast: -1 }, true],
  ])("decides by its mean: %s", async (_name, bound, isPassed) => {
    const plan = lessons({ lessons: [task, other], promotion: { metric: "half", sequences: 16, ...bound } });
    const progress = new LessonProgress(plan, undefined, 0);
    const score = { sequences: 16, exactMatch: 0, loss: 99, bits: 1, wrongBits: 1, metrics: { half: 8, quarter: 4 } };
    const passed = await progress.decide(100, createRandom(1), async () => score);
    expect(passed).toEqual(isPassed ? { number: 1, count: 2, step: 100, metric: "half", value: 0.5 } : undefined);
  });

  it("measures what the episodes of a run give", async () => {
    const measured: EpisodeTask = {
      ...task,
      startEpisodes: (random, options) => {
        const episodes = task.startEpisodes(random, options);
        const half = new Float64Array(episodes.batchSize).fill(0.5);
        return { ...episodes, results: (values) => ({ ...episodes.results(values), metrics: { half } }) };
      },
    };
    const network = smallNetwork(3, task);
    const passed: PassedLesson[] = [];
    const curriculum = lessons({ lessons: [measured], promotion: { ...promotion, every: 2 } });
    await train({ network, task: curriculum, iterations: 2, onLessonPassed: (lesson) => void passed.push(lesson) });
    expect(passed).toEqual([{ number: 1, count: 1, step: 2, metric: "half", value: 0.5 }]);
    const without = lessons({ lessons: [task], promotion: { ...promotion, every: 1 } });
    await expect(train({ network, task: without, iterations: 1 })).rejects.toThrow(
      new TypeError("metrics.half: expected a number for each episode, got none"),
    );
  });

  it("is known to shortest path and to Mini-SHRDLU", () => {
    for (const [episodes, metric] of [
      [shortestPath(), "within one step"],
      [miniShrdlu(), "satisfied"],
    ] as const)
      expect(lessons({ lessons: [episodes], promotion: { ...promotion, metric } }).promotion.metric).toBe(metric);
  });

  it.each([
    [{ metric: "third" }, 'promotion.metric: expected "exact match", "loss", "half" or "quarter", got "third"'],
    [{ metric: undefined, atMost: 1 }, 'promotion.atMost: expected none with metric "exact match", got 1'],
    [{ sequences: undefined }, 'promotion.sequences: expected a positive integer with metric "half", got undefined'],
    [{ atLeast: undefined }, "promotion.atLeast: expected a number, got undefined"],
    [{ atLeast: undefined, atMost: "1" }, 'promotion.atMost: expected a number, got "1"'],
    [{ atMost: 1 }, "promotion.atMost: expected none beside atLeast, got 1"],
    [{ atLeast: Number.NaN }, "promotion.atLeast: expected a number, got NaN"],
  ])("that is wrong is an error: %o", (wrong, message) => {
    expect(() => lessons({ lessons: [task, other], promotion: { ...promotion, ...wrong } as never })).toThrow(message);
  });

  it("needs it in every lesson", () => {
    expect(() => lessons({ lessons: [task, { ...task, metrics: ["quarter"] }], promotion })).toThrow(
      'promotion.metric: expected "exact match", "loss" or "quarter", got "half"',
    );
    expect(() => lessons({ lessons: [task, echoTask({ batchSize: 8 })], promotion })).toThrow(
      'promotion.metric: expected "exact match" or "loss", got "half"',
    );
  });
});
