import { describe, expect, it } from "vitest";
import { WorkProgress } from "../../src/terminal/work-progress.js";

/** Simulates work whose parts end at these times; returns the output. */
function shownAt(times: readonly number[], output: { isTTY?: boolean; columns?: number }): string[] {
  let now = 0;
  const texts: string[] = [];
  const progress = new WorkProgress("map", { ...output, write: (text) => texts.push(text) }, () => now);
  for (const [index, time] of times.entries()) {
    now = time;
    progress.show((index + 1) / times.length, `${index + 1} of ${times.length} cells`);
  }
  progress.end();
  return texts;
}

describe("progress of long work", () => {
  it("is not shown for work that takes less than a second", () => {
    for (const isTTY of [true, false]) expect(shownAt([10, 500, 999], { isTTY })).toEqual([]);
  });

  it("is a line that is rewritten on a terminal and cleared at the end", () => {
    expect(shownAt([500, 1000, 1050, 1199], { isTTY: true, columns: 80 })).toEqual([
      "\rmap: 2 of 4 cells, 50.0%, 1 s left\x1b[K",
      "\r\x1b[K",
    ]);
    expect(shownAt([2000], { isTTY: true, columns: 12 })[0]).toBe("\rmap: 1 of\x1b[K");
  });

  it("is an occasional line elsewhere", () => {
    const times = Array.from({ length: 50 }, (_, index) => 500 * (index + 1));
    expect(shownAt(times, {})).toEqual([
      "dnc: map: 2 of 50 cells, 4.0%, 24 s left\n",
      "dnc: map: 22 of 50 cells, 44.0%, 14 s left\n",
      "dnc: map: 42 of 50 cells, 84.0%, 4 s left\n",
    ]);
  });
});
