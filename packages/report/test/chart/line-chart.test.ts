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
    expect(lineChart({ title: "Loss", points: points.slice(1) })).toMatch(
      /<path class="dot c1" d="M1000 \d+(\.\d)?h0"/,
    );
  });

  it("has a band of one deviation and the runs behind the mean, and a legend", () => {
    const series = [
      {
        name: "with",
        points: [
          { x: 0, y: 0 },
          { x: 10, y: 1 },
        ],
        deviations: [0, 0.5],
        runs: [points],
      },
      { name: "without", points: [{ x: 5, y: 10 }] },
    ];
    const svg = lineChart({ title: "Loss", series: series.map((each) => ({ ...each, runs: undefined })) });
    // The axis is 0 to 10: the band at x = 10 is from 0.5 to 1.5, of 1000 pixels from the top.
    expect(svg).toContain('<path class="band c1" d="M0 1000L1000 850L1000 950L0 1000Z"/>');
    expect(svg).toContain('<path class="dot c2" d="M500 0h0"/>');
    expect(svg).toMatch(/>with<\/text>[\s\S]*>without<\/text>/);
    expect(lineChart({ title: "Loss", series })).toContain('class="run c1"');
    const edge = [
      {
        name: "a",
        points: [
          { x: 0, y: 1 },
          { x: 1, y: 100 },
        ],
        deviations: [2, 0],
      },
    ];
    expect(lineChart({ title: "Loss", series: edge })).toContain('class="band c1" d="M0 761.4L1000 0L1000 0L0 1000Z"');
  });

  it("repeats its colours as dashed lines", () => {
    const series = Array.from({ length: 9 }, (_, index) => ({ name: String(index), points }));
    const svg = lineChart({ title: "Loss", series });
    expect(svg.match(/class="curve c2"/g)).toHaveLength(2);
    expect(svg.match(/class="curve c2 dashed"/g)).toHaveLength(2);
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
    [{ points: undefined, series: [] }, "series: expected at least one, got none"],
    [
      { points: undefined, series: [{ name: "a", points, deviations: [1] }] },
      "series[0].deviations: expected one for each of 2 points, got 1",
    ],
    [
      { points: undefined, series: [{ name: "a", points, deviations: [1, -1] }] },
      "series[0].deviations[1]: expected a finite number of at least 0, got -1",
    ],
    [
      { points: undefined, series: [{ name: "a", points, runs: [[]] }] },
      "series[0].runs[0]: expected at least one, got none",
    ],
    [{ width: 100 }, "width: expected an integer of at least 160, got 100"],
    [{ height: 200.5 }, "height: expected an integer of at least 160, got 200.5"],
  ])("%j", (changes, message) => {
    expect(draw(changes)).toThrow(new RangeError(message));
  });

  it("is anything but an array, and a size that is not a number", () => {
    expect(draw({ points: undefined as never })).toThrow(TypeError);
    expect(draw({ series: [{ name: "a", points }] })).toThrow(
      new TypeError("points: expected none next to series, got some"),
    );
    expect(draw({ width: "wide" as never })).toThrow(TypeError);
  });
});
