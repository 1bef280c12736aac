import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { downsample, pathOf } from "../../src/chart/curve.js";

describe("downsampled points", () => {
  it("keep the ends, the peaks and their order, and are limited in number", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 500 }), (values) => {
        const points = values.map((y, x) => ({ x, y }));
        const few = downsample(points, 10);
        expect(few.length).toBeLessThanOrEqual(22);
        expect([few[0], few[few.length - 1]]).toEqual([points[0], points[points.length - 1]]);
        const heights = few.map(({ y }) => y);
        expect(Math.max(...heights)).toBe(Math.max(...values));
        expect(Math.min(...heights)).toBe(Math.min(...values));
        for (let i = 1; i < few.length; i++) expect(few[i].x).toBeGreaterThan(few[i - 1].x);
        for (const { x, y } of few) expect(points[x].y).toBe(y);
      }),
      { seed: 1 },
    );
  });

  it("are all points if there are few", () => {
    const points = [1, 2, 3].map((x) => ({ x, y: 0 }));
    expect(downsample(points, 2)).toEqual(points);
  });
});

describe("a path", () => {
  it("goes through its points, y upwards; a single one is a dot", () => {
    expect(
      pathOf([
        { x: 0, y: 0 },
        { x: 0.5, y: 1 },
        { x: 1, y: 0.12345 },
      ]),
    ).toBe("M0 1000L500 0L1000 876.6");
    expect(pathOf([{ x: 0.5, y: 0.5 }])).toBe("M500 500h0");
  });
});
