import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LineChartOptions, lineChart } from "../../src/chart/line-chart.js";
import { HOSTILE, unclosed } from "../markup.js";

const points = [
  { x: 0, y: 11 },
  { x: 100, y: 0.5 },
];

describe("a line chart", () => {
  it("is a self-contained SVG file, with a text that describes the curve", () => {
    const svg = lineChart({ title: "Loss", unit: "nats per sequence", points });
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="line-chart" width="640" height="320"/);
    expect(svg).toContain("<title>Loss by iterations: 11.0000 at 0, 0.5000 at 100</title>");
    expect(svg).toContain("nats per sequence, logarithmic");
    expect(svg).toContain('d="M0 0L1000 1000"');
    expect(unclosed(svg)).toEqual([]);
  });

  it("applies its style to nothing else on a page", () => {
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(lineChart({ title: "Loss", points })) ?? [];
    for (const [selectors] of style.matchAll(/[^{}\n]+(?=\{)/g))
      for (const selector of selectors.split(",")) expect(selector).toMatch(/^\.line-chart /);
  });

  it("has a single point as a dot", () => {
    expect(lineChart({ title: "Loss", points: points.slice(1) })).toMatch(/<path class="dot" d="M1000 \d+(\.\d)?h0"/);
  });

  it("escapes its texts", () => {
    const svg = lineChart({ title: HOSTILE, unit: HOSTILE, xLabel: HOSTILE, points });
    expect(svg).not.toMatch(/<script|<img|\0/);
    expect(unclosed(svg)).toEqual([]);
  });

  it("has finite coordinates for all finite numbers", () => {
    const value = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    const step = fc.double({ min: 0, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ x: step, y: value }), { minLength: 1 }), (drawn) => {
        const svg = lineChart({ title: "a", points: drawn.toSorted((a, b) => a.x - b.x) });
        expect(svg).not.toMatch(/="[^"]*(?:NaN|Infinity|undefined)/);
      }),
      { seed: 1 },
    );
  });
});

describe("what a line chart refuses", () => {
  const draw = (changes: Partial<LineChartOptions>) => () => lineChart({ title: "Loss", points, ...changes });

  it.each([
    [{ points: [] }, "points: expected at least one, got none"],
    [{ points: [{ x: 1, y: Number.NaN }] }, 'points[0]: expected finite x and y, got {"x":1,"y":null}'],
    [{ points: [{ x: -1, y: 0 }] }, "points[0].x: expected at least 0, got -1"],
    [{ points: points.toReversed() }, "points[1].x: expected at least 100, got 0"],
    [{ width: 100 }, "width: expected an integer of at least 160, got 100"],
    [{ height: 200.5 }, "height: expected an integer of at least 160, got 200.5"],
  ])("%j", (changes, message) => {
    expect(draw(changes)).toThrow(new RangeError(message));
  });

  it("is anything but an array, and a size that is not a number", () => {
    expect(draw({ points: undefined as never })).toThrow(TypeError);
    expect(draw({ width: "wide" as never })).toThrow(TypeError);
  });
});
