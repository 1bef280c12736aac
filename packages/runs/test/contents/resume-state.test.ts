import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { parseResumeState } from "../../src/contents/resume-state.js";

/** Returns the contents of a state.json with these sums. */
const stateWith = (interval: object) => ({
  step: 7,
  seconds: 3,
  reported: 5,
  random: createRandom(1).state(),
  interval,
});

const SUMS = { iterations: 2, loss: 8, gradientNorm: 3, exactMatch: 1, sequences: 32 };

const REPORT = {
  ...{ step: 5, iterations: 5, loss: 1, exactMatch: 0, gradientNorm: 2, learningRate: 0.1 },
  ...{ seconds: 1, iterationsPerSecond: 5 },
};

describe("the state from which a run resumes", () => {
  it("equals that in its checkpoint", () => {
    expect(parseResumeState(stateWith(SUMS)).training).toMatchObject({ step: 7, seconds: 3, interval: SUMS });
  });

  it("is the same in an older checkpoint, which has `solved` instead of `exactMatch`", () => {
    const { exactMatch, ...others } = SUMS;
    expect(parseResumeState(stateWith({ ...others, solved: exactMatch })).training?.interval).toEqual(SUMS);
  });

  it("may have a loss below 0, as that of a policy is, and none that is no number", () => {
    const report = { ...REPORT, loss: -1 };
    const { training } = parseResumeState({ ...stateWith({ ...SUMS, loss: -8 }), report });
    expect([training?.interval.loss, training?.report?.loss]).toEqual([-8, -1]);
    expect(() => parseResumeState(stateWith({ ...SUMS, loss: null }))).toThrow(
      new TypeError("state.json: interval: loss: expected a number, got null"),
    );
  });

  it("has lessons only if the run has", () => {
    const lessons = { passed: [3, 6], decided: 6, sums: { ...SUMS, iterations: 1 } };
    expect(parseResumeState({ ...stateWith(SUMS), lessons }).training?.lessons).toEqual(lessons);
    expect(Object.keys(parseResumeState(stateWith(SUMS)).training ?? {})).not.toContain("lessons");
  });

  it("has the last report only if the checkpoint has, as older ones do not", () => {
    expect(parseResumeState({ ...stateWith(SUMS), report: REPORT }).training?.report).toEqual(REPORT);
    const { iterationsPerSecond: _, ...report } = REPORT;
    expect(Object.keys(parseResumeState(stateWith(SUMS)).training ?? {})).not.toContain("report");
    expect(() => parseResumeState({ ...stateWith(SUMS), report })).toThrow(
      new TypeError("state.json: report: iterationsPerSecond: expected a number of at least 0, got undefined"),
    );
  });

  it.each([
    [null, "lessons.passed: expected an array of numbers, got undefined"],
    [{ passed: [1, "2"], decided: 2, sums: SUMS }, 'lessons.passed: 1: expected a number of at least 0, got "2"'],
    [{ passed: [1], sums: SUMS }, "lessons: decided: expected a number of at least 0, got undefined"],
    [{ passed: [1], decided: 2 }, "lessons.sums: loss: expected a number, got undefined"],
  ])("refuses lessons that no run writes: %o", (lessons, message) => {
    expect(() => parseResumeState({ ...stateWith(SUMS), lessons } as never)).toThrow(
      new TypeError(`state.json: ${message}`),
    );
  });

  it("has no default for a missing number", () => {
    const { exactMatch: _, ...others } = SUMS;
    expect(() => parseResumeState(stateWith(others))).toThrow(
      new TypeError("state.json: interval: exactMatch: expected a number of at least 0, got undefined"),
    );
  });
});
