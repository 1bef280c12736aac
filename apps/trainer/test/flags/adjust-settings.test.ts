import { describe, expect, it } from "vitest";
import { adjustSettings } from "../../src/flags/adjust-settings.js";
import { UsageError } from "../../src/usage-error.js";
import { smallSettings } from "../support.js";

const RUN = smallSettings({ min_length: "2", max_length: "4", min_repeats: "1", max_repeats: "2" });

describe("adjusted settings", () => {
  it("are the run's where nothing is said", () => {
    expect(adjustSettings(RUN, {}, 7)).toEqual({ ...RUN, batch_size: 7 });
  });

  it.each([
    [{ memory_size: 64 }, { memory_size: 64 }],
    [{ max_length: 9 }, { min_length: 2, max_length: 9 }],
    [{ max_length: 1 }, { min_length: 1, max_length: 1 }],
    [{ min_length: 3 }, { min_length: 3, max_length: 4 }],
    [{ min_length: 9 }, { min_length: 9, max_length: 9 }],
    [
      { min_length: 6, max_length: 8 },
      { min_length: 6, max_length: 8 },
    ],
    [{ min_repeats: 20 }, { min_repeats: 20, max_repeats: 20 }],
  ])("move with %o a bound that would be crossed", (given, expected) => {
    expect(adjustSettings(RUN, given, RUN.batch_size)).toEqual({ ...RUN, ...expected });
  });

  it("refuse bounds that contradict each other, and repeats where there are none", () => {
    expect(() => adjustSettings(RUN, { min_length: 5, max_length: 3 }, 1)).toThrow(
      new UsageError("--min_length: expected at most max_length (3), got 5"),
    );
    expect(() => adjustSettings(RUN, { min_repeats: 5, max_repeats: 3 }, 1)).toThrow(
      new UsageError("--min_repeats: expected at most max_repeats (3), got 5"),
    );
    expect(() => adjustSettings(smallSettings({ task: "copy" }), { max_repeats: 3 }, 1)).toThrow(
      new UsageError("--max_repeats: expected only with task repeat-copy, got it with task copy"),
    );
  });
});
