import { checkInteger, checkRange } from "../checks.js";
import { CHANNELS, type RgbImage } from "./image.js";
import { colourAt, PALETTES, type Palette } from "./palette.js";

/** Options of {@link heatmap}. */
export type HeatmapOptions = {
  /** Values of the first and the last colour; numbers outside are clamped. */
  readonly range: readonly [low: number, high: number];
  /** Palette: "diverging" if the middle of the range is neutral, such as 0 between -1 and 1; default: "sequential". */
  readonly palette?: Palette | undefined;
  /** Side of a cell in pixels; default: 1. */
  readonly cell?: number | undefined;
};

/**
 * Draws a matrix as an image, with one cell per number and the first row on top. NaN is grey.
 *
 *     const image = heatmap([0, 0.2, 0.9, 1], 2, 2, { range: [0, 1], cell: 16 });
 *
 * @param values - the matrix, row-major.
 * @param rows - number of rows, a positive integer.
 * @param columns - number of columns, a positive integer.
 * @param options - range, palette and size of a cell.
 * @returns an image of `columns * cell` by `rows * cell` pixels.
 * @throws RangeError if there are not `rows * columns` values, `rows`, `columns` or `cell` is not a positive integer, or the
 *   range is not finite and ascending; TypeError if an argument has the wrong type.
 */
export function heatmap(values: ArrayLike<number>, rows: number, columns: number, options: HeatmapOptions): RgbImage {
  const { range, palette = "sequential", cell = 1 } = options;
  checkInteger("rows", rows, 1);
  checkInteger("columns", columns, 1);
  checkInteger("cell", cell, 1);
  checkRange(range);
  if (!Object.hasOwn(PALETTES, palette))
    throw new TypeError(`palette: expected one of ${Object.keys(PALETTES).join(", ")}, got ${palette}`);
  if (values?.length !== rows * columns)
    throw new RangeError(`values: expected ${rows} * ${columns} numbers, got ${values?.length}`);
  const [low, high] = range;
  const [width, height] = [columns * cell, rows * cell];
  const data = new Uint8Array(width * height * CHANNELS);
  for (let row = 0; row < rows; row++) {
    const begin = row * cell * width * CHANNELS;
    for (let column = 0; column < columns; column++) {
      const colour = colourAt(palette, (values[row * columns + column] - low) / (high - low));
      for (let x = 0; x < cell; x++) data.set(colour, begin + (column * cell + x) * CHANNELS);
    }
    for (let y = 1; y < cell; y++) data.copyWithin(begin + y * width * CHANNELS, begin, begin + width * CHANNELS);
  }
  return { width, height, data };
}
