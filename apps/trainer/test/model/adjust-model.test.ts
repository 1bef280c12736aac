import { UsageError } from "@dnc/settings";
import { describe, expect, it } from "vitest";
import { adjustModel } from "../../src/model/adjust-model.js";
import { smallConfig } from "../support.js";

const RUN = { ...smallConfig({ min_length: "2", max_length: "4", min_repeats: "1", max_repeats: "2" }), seed: 1 };

describe("an adjusted model", () => {
  it("equals the run's by default", () => {
    expect(adjustModel(RUN, {}, 7)).toEqual({ ...RUN, task: { ...RUN.task, batchSize: 7 } });
  });

  it.each([
    [{ maxLength: 9 }, { minLength: 2, maxLength: 9 }],
    [{ maxLength: 1 }, { minLength: 1, maxLength: 1 }],
    [{ minLength: 3 }, { minLength: 3, maxLength: 4 }],
    [{ minLength: 9 }, { minLength: 9, maxLength: 9 }],
    [
      { minLength: 6, maxLength: 8 },
      { minLength: 6, maxLength: 8 },
    ],
    [{ minRepeats: 20 }, { minRepeats: 20, maxRepeats: 20 }],
  ])("has consistent bounds with %o", (given, expected) => {
    expect(adjustModel(RUN, given, RUN.task.batchSize)).toEqual({ ...RUN, task: { ...RUN.task, ...expected } });
  });

  it("can have another memory size", () => {
    const network = { ...RUN.network, memorySize: 64 };
    expect(adjustModel(RUN, { memorySize: 64 }, RUN.task.batchSize)).toEqual({ ...RUN, network });
  });

  it("refuses contradictory bounds, and repeats for a task without them", () => {
    expect(() => adjustModel(RUN, { minLength: 5, maxLength: 3 }, 1)).toThrow(
      new UsageError("--min_length: expected at most max_length (3), got 5"),
    );
    expect(() => adjustModel(RUN, { minRepeats: 5, maxRepeats: 3 }, 1)).toThrow(
      new UsageError("--min_repeats: expected at most max_repeats (3), got 5"),
    );
    expect(() => adjustModel({ ...smallConfig({ task: "copy" }), seed: 1 }, { maxRepeats: 3 }, 1)).toThrow(
      new UsageError("--max_repeats: expected only with task repeat-copy, got it with task copy"),
    );
  });
});
