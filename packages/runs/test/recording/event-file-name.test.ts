import fc from "fast-check";
import { expect, it } from "vitest";
import { nextFileName } from "../../src/recording/event-file-name.js";

const ours = (seconds: number | string, number: string) => `events.out.tfevents.${seconds}.${number}.dnc`;

it.each([
  ["the first of a folder", [], ours(1_700_000_000, "0000")],
  ["later than the last", [ours(1_699_999_999, "0007")], ours(1_700_000_000, "0000")],
  ["a clock that stands still", [ours(1_700_000_000, "0000")], ours(1_700_000_000, "0001")],
  ["a clock that went back", [ours(1_800_000_000, "0041"), ours(5, "0000")], ours(1_800_000_000, "0042")],
  ["the last number", [ours(1_700_000_000, "9999")], ours(1_700_000_001, "0000")],
  ["someone else's file", ["events.out.tfevents.1700000000.host.1.0.v2"], ours(1_700_000_001, "0000")],
  ["someone else's number", ["events.out.tfevents.1700000000.0001.dnc.v2"], ours(1_700_000_001, "0000")],
  ["other files", ["metrics.jsonl", "zzz", "events.out.tfevents.zzz"], ours(1_700_000_000, "0000")],
])("%s", (_, names, expected) => {
  expect(nextFileName(names, 1_700_000_000.9)).toBe(expected);
});

it("early clocks keep ten digits", () => {
  expect(nextFileName([], 5)).toBe(ours("0000000005", "0000"));
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
