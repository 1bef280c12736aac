import { describe, expect, it } from "vitest";
import { learningSection } from "../src/learning.js";
import { parseMetrics } from "../src/metrics.js";

/** Renders reports at 100, 200, ... with these lessons: number and iteration after which it began. */
function pageOf(lessons: readonly (readonly [lesson: number, began: number] | undefined)[]): string {
  const lines = lessons.map((lesson, index) =>
    JSON.stringify({
      ...{ step: 100 * (index + 1), loss: 10 / (index + 1), exact_match: 0.5 },
      ...(lesson && { lesson: lesson[0], lesson_began: lesson[1] }),
    }),
  );
  return learningSection(parseMetrics(lines.join("\n"))).toString();
}

/** Places of the marks in a chart of the page, with their labels. */
const marksOf = (page: string) =>
  [...page.matchAll(/<line class="mark" x1="([\d.]+)%"[^>]*\/><text x="\1%"[^>]*>(\d+)<\/text>/g)].map(
    ([, x, label]) => [Number(x), label],
  );

describe("the lessons of a run", () => {
  it("are marked where each began, in both charts and in words", () => {
    const page = pageOf([
      [1, 0],
      [2, 120],
      [2, 120],
      [4, 350],
    ]);
    expect(marksOf(page)).toEqual([
      ...[
        [30, "2"],
        [87.5, "4"],
      ],
      ...[
        [30, "2"],
        [87.5, "4"],
      ],
    ]);
    expect(page).toContain(
      "The task became harder at the dashed lines: lesson 2 from iteration 120, lesson 4 from iteration 350.",
    );
  });

  it("have no marks without lessons, in the first lesson, and where a file makes no sense", () => {
    for (const lessons of [
      [undefined, undefined],
      [
        [1, 0],
        [1, 0],
      ],
      [[2, 500], undefined],
    ] as const) {
      const page = pageOf(lessons);
      expect(marksOf(page)).toEqual([]);
      expect(page).not.toContain("dashed");
    }
  });
});
