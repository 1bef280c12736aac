import fc from "fast-check";
import { expect, it } from "vitest";
import { nextFileName } from "../../src/recording/event-file-name.js";

const fileName = (seconds: number | string, number: string) => `events.out.tfevents.${seconds}.${number}.dnc`;

it.each([
  ["the first of a folder", [], fileName(1_700_000_000, "0000")],
  ["later than the last", [fileName(1_699_999_999, "0007")], fileName(1_700_000_000, "0000")],
  ["a clock that has not advanced", [fileName(1_700_000_000, "0000")], fileName(1_700_000_000, "0001")],
  ["a clock that went back", [fileName(1_800_000_000, "0041"), fileName(5, "0000")], fileName(1_800_000_000, "0042")],
  ["the last number", [fileName(1_700_000_000, "9999")], fileName(1_700_000_001, "0000")],
  ["a file of another program", ["events.out.tfevents.1700000000.host.1.0.v2"], fileName(1_700_000_001, "0000")],
  ["a number of another program", ["events.out.tfevents.1700000000.0001.dnc.v2"], fileName(1_700_000_001, "0000")],
  ["other files", ["metrics.jsonl", "zzz", "events.out.tfevents.zzz"], fileName(1_700_000_000, "0000")],
])("%s", (_, names, expected) => {
  expect(nextFileName(names, 1_700_000_000.9)).toBe(expected);
});

it("early clocks keep ten digits", () => {
  expect(nextFileName([], 5)).toBe(fileName("0000000005", "0000"));
});

it("each name sorts after all before it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 20 }), (clock) => {
      const names: string[] = [];
      for (const seconds of clock) names.unshift(nextFileName(names, seconds));
      expect(names.toSorted().toReversed()).toEqual(names);
      expect(new Set(names).size).toBe(names.length);
    }),
    { seed: 1 },
  );
});
