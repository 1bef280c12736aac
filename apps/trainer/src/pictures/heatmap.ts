import { encode } from "fast-png";
import { checkInteger, checkRange } from "./checks.js";
import { colourAt, PALETTES, type Palette } from "./palette.js";
import type { Picture } from "./picture.js";

/** How to draw a matrix. */
export interface HeatmapOptions {
  /** What the first and the last colour stand for; numbers beyond it are drawn like its ends. */
  readonly range: readonly [low: number, high: number];
  /** "diverging" where the middle of the range means nothing; "sequential". */
  readonly palette?: Palette;
  /** Pixels along each side of a cell; 1. */
  readonly cell?: number;
}

/** Red, green, blue. */
const CHANNELS = 3;

/**
 * A matrix as a picture, one cell a number, the first row on top. What is no number is grey.
 *
 * @param values - row by row.
 * @throws RangeError if there are not `rows` times `columns` values, `rows`, `columns` or `cell` is no positive integer,
 *   or the range is not finite or upside down; TypeError if something is of the wrong kind.
 */
export function heatmap(values: ArrayLike<number>, rows: number, columns: number, options: HeatmapOptions): Picture {
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
  return { png: encode({ width, height, data, channels: CHANNELS, depth: 8 }), width, height };
}
