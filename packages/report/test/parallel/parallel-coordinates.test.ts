import { describe, expect, it } from "vitest";
import { type ParallelAxis, type ParallelCoordinatesOptions, parallelCoordinates } from "../../src/index.js";
import { HOSTILE, unclosed } from "../markup.js";

const AXES: readonly ParallelAxis[] = [
  { name: "masking", kind: "categories" },
  { name: "learning_rate", kind: "logarithmic" },
  { name: "loss", kind: "linear", missing: "failed" },
];
const OPTIONS: ParallelCoordinatesOptions = {
  title: "Settings and loss",
  axes: AXES,
  lines: [
    { name: "a", values: [true, 1e-4, 2] },
    { name: "b", values: [false, 1e-2, 0] },
    { name: "c", values: [true, 1e-3, undefined] },
  ],
  better: "low",
  highlighted: 1,
};

/** Returns the points of the lines by their names. */
function linesOf(svg: string): Readonly<Record<string, readonly (readonly number[])[]>> {
  const paths = [...svg.matchAll(/<path data-line="([^\n"]*)[^"]*"[^>]* d="M([^"]*)"/g)];
  return Object.fromEntries(
    paths.map(([, name, points]) => [name, points.split("L").map((point) => point.split(" ").map(Number))]),
  );
}

describe("parallel coordinates", () => {
  const svg = parallelCoordinates(OPTIONS);

  it("are a self-contained SVG file with a line per run and an axis per setting", () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="parallel-coordinates" width="880"/);
    expect(svg).not.toContain("var(");
    expect(unclosed(svg)).toEqual([]);
    expect(Object.keys(linesOf(svg)).sort()).toEqual(["a", "b", "c"]);
    expect([...svg.matchAll(/data-axis="(\w+)"/g)].map(([, name]) => name)).toEqual(AXES.map(({ name }) => name));
  });

  it("place a geometric mean in the middle of a logarithmic axis, and the lowest number at the bottom", () => {
    const { a, b, c } = linesOf(svg);
    expect(c[1][1]).toBeCloseTo((a[1][1] + b[1][1]) / 2, 5);
    expect(b[2][1]).toBeGreaterThan(a[2][1]);
    expect(new Set([a[0][0], b[0][0], c[0][0]]).size).toBe(1);
  });

  it("end a line without a value below its axis, dashed, with a word for it", () => {
    const { b, c } = linesOf(svg);
    expect(c[2][1]).toBeGreaterThan(b[2][1]);
    expect(svg).toMatch(/data-line="c\n[^"]*loss: failed"[^>]*stroke-dasharray/);
    expect(svg).toContain(">failed</text>");
    const complete = parallelCoordinates({ ...OPTIONS, lines: OPTIONS.lines.slice(0, 2) });
    expect(complete).not.toContain("failed");
    expect(complete).not.toContain("stroke-dasharray");
  });

  it("spread the lines of a category, and keep those of another apart", () => {
    const lines = Array.from({ length: 40 }, (_, index) => ({ name: `${index}`, values: [index % 4, index] }));
    const axes = [AXES[0], { name: "n", kind: "linear" }] as const;
    const found = linesOf(parallelCoordinates({ title: "t", axes, lines }));
    const heights = [0, 1, 2, 3].map((category) =>
      lines.filter(({ values }) => values[0] === category).map(({ name }) => found[name][0][1]),
    );
    for (const each of heights) expect(new Set(each).size).toBe(10);
    for (const category of [1, 2, 3])
      expect(Math.max(...heights[category])).toBeLessThan(Math.min(...heights[category - 1]));
  });

  it("draw the highlighted line last, in another hue, thicker and with dots, and better ones stronger", () => {
    const names = [...svg.matchAll(/<path data-line="(\w)/g)].map(([, name]) => name);
    expect(names.at(-1)).toBe("b");
    expect(svg.match(/data-part="dot"/g)).toHaveLength(3);
    const strength = (text: string, name: string) =>
      Number(new RegExp(`data-line="${name}\n[^>]*stroke-opacity="([\\d.]+)"`).exec(text)?.[1]);
    const lines = [0, 5, 10].map((value) => ({ name: `v${value}`, values: [true, 1, value] }));
    const low = parallelCoordinates({ ...OPTIONS, lines, highlighted: undefined });
    const high = parallelCoordinates({ ...OPTIONS, lines, highlighted: undefined, better: "high" });
    expect(strength(low, "v0")).toBeGreaterThan(strength(low, "v5"));
    expect(strength(low, "v5")).toBeGreaterThan(strength(low, "v10"));
    expect(strength(high, "v10")).toBe(strength(low, "v0"));
    expect(low).not.toContain("data-part");
  });

  it("are wide enough for many axes, and have the colours of the page in a page", () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ name: `s${index}`, kind: "linear" }) as const);
    const wide = parallelCoordinates({ title: "t", axes: many, lines: [{ name: "a", values: many.map(() => 1) }] });
    expect(Number(/width="(\d+)"/.exec(wide)?.[1])).toBeGreaterThan(19 * 90);
    expect(parallelCoordinates({ ...OPTIONS, inPage: true })).toContain('stroke="var(--c2, #c94f00)"');
  });

  it("escape their texts", () => {
    const axes = [{ name: HOSTILE, kind: "categories", note: HOSTILE }, AXES[2]] as const;
    const lines = [{ name: HOSTILE, values: [HOSTILE, 1] }];
    const text = parallelCoordinates({ title: HOSTILE, axes, lines });
    expect(unclosed(text)).toEqual([]);
    expect(text).not.toMatch(/<script|<img|\0/);
  });

  it.each([
    [{ axes: AXES.slice(0, 1) }, "axes: expected at least two, got 1"],
    [{ lines: [] }, "lines: expected at least one, got none"],
    [{ lines: [{ name: "a", values: [1] }] }, "lines[0].values: expected one for each of 3 axes, got 1"],
    [{ lines: [{ name: "a", values: [1, 0, 1] }], highlighted: 0 }, "axes[1]: expected finite numbers above 0 on a"],
    [
      { lines: [{ name: "a", values: [1, 1, "x"] }], highlighted: 0 },
      "axes[2]: expected numbers on a linear axis, got x",
    ],
    [{ lines: [{ name: "a", values: [1, 1, Number.NaN] }], highlighted: 0 }, "axes[2]: expected finite numbers on a"],
    [{ highlighted: 3 }, "highlighted: expected an integer from 0 to 2, got 3"],
    [{ width: 10 }, "width: expected an integer of at least 240, got 10"],
  ])("refuse %j", (changes, message) => {
    expect(() => parallelCoordinates({ ...OPTIONS, ...changes } as ParallelCoordinatesOptions)).toThrow(message);
  });
});
