import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HeatmapOptions, heatmap } from "../../src/images/heatmap.js";
import { colourAt, type Palette } from "../../src/images/palette.js";
import { pixelsOf } from "./support.js";

const LOW = [0x44, 0x01, 0x54];
const HIGH = [0xfd, 0xe7, 0x25];

describe("a heat map", () => {
  it("has the first row on top and the first column on the left", () => {
    const image = heatmap([0, 1, 1, 0, 0, 0], 2, 3, { range: [0, 1] });
    expect(image).toMatchObject({ width: 3, height: 2 });
    expect(pixelsOf(image)).toEqual([
      [LOW, HIGH, HIGH],
      [LOW, LOW, LOW],
    ]);
  });

  it("has square cells", () => {
    const pixels = pixelsOf(heatmap(Float32Array.of(0, 1), 1, 2, { range: [0, 1], cell: 3 }));
    const row = [LOW, LOW, LOW, HIGH, HIGH, HIGH];
    expect(pixels).toEqual([row, row, row]);
  });

  it("clamps values beyond its range, and draws NaN in grey", () => {
    const values = [-9, Number.NEGATIVE_INFINITY, 9, Number.POSITIVE_INFINITY, Number.NaN];
    expect(pixelsOf(heatmap(values, 1, 5, { range: [0, 1] }))).toEqual([[LOW, LOW, HIGH, HIGH, [128, 128, 128]]]);
  });

  it("draws each number in the colour of its position in the range", () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        values: fc.array(fc.float({ min: -3, max: 3 }), { minLength: rows * columns, maxLength: rows * columns }),
        cell: fc.integer({ min: 1, max: 3 }),
        palette: fc.constantFrom<Palette>("sequential", "diverging"),
      }),
    );
    fc.assert(
      fc.property(matrix, ({ rows, columns, values, cell, palette }) => {
        const pixels = pixelsOf(heatmap(values, rows, columns, { range: [-2, 1], palette, cell }));
        expect(pixels).toHaveLength(rows * cell);
        for (const [y, row] of pixels.entries()) {
          const begin = Math.floor(y / cell) * columns;
          expect(row).toEqual(
            Array.from({ length: columns * cell }, (_, x) =>
              colourAt(palette, (values[begin + Math.floor(x / cell)] + 2) / 3),
            ),
          );
        }
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});

describe("what is refused", () => {
  const draw = (changes: Partial<HeatmapOptions>, rows = 1, columns = 2, values: ArrayLike<number> = [0, 1]) =>
    heatmap(values, rows, columns, { range: [0, 1], ...changes });

  it.each([
    ["too few values", () => draw({}, 2, 2), "values: expected 2 * 2 numbers, got 2"],
    ["no rows", () => draw({}, 0, 2, []), "rows: expected a positive integer, got 0"],
    ["half a column", () => draw({}, 4, 0.5), "columns: expected a positive integer, got 0.5"],
    ["cells without size", () => draw({ cell: 0 }), "cell: expected a positive integer, got 0"],
    ["half a pixel", () => draw({ cell: 1.5 }), "cell: expected a positive integer, got 1.5"],
    [
      "an empty range",
      () => draw({ range: [1, 1] }),
      "range: expected two finite numbers, the lower first, got [1, 1]",
    ],
    [
      "a range without end",
      () => draw({ range: [0, Number.POSITIVE_INFINITY] }),
      "range: expected two finite numbers, the lower first, got [0, Infinity]",
    ],
    [
      "a range that is none",
      () => draw({ range: [Number.NaN, 1] }),
      "range: expected two finite numbers, the lower first, got [NaN, 1]",
    ],
  ])("%s", (_, draws, message) => {
    expect(draws).toThrow(new RangeError(message));
  });

  it.each([
    ["a cell in words", () => draw({ cell: "8" as never }), "cell: expected a positive integer, got 8"],
    ["a single end", () => draw({ range: [1] as never }), "range: expected two numbers, got 1"],
    [
      "another palette",
      () => draw({ palette: "toString" as never }),
      "palette: expected one of sequential, diverging, got toString",
    ],
  ])("%s", (_, draws, message) => {
    expect(draws).toThrow(new TypeError(message));
  });
});
