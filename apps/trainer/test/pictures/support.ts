import { decode } from "fast-png";
import type { Colour } from "../../src/pictures/palette.js";
import type { Picture } from "../../src/pictures/picture.js";

/** The colour of every pixel, by rows. */
export function pixelsOf({ png, width, height }: Picture): Colour[][] {
  const decoded = decode(png, { checkCrc: true });
  if (decoded.width !== width || decoded.height !== height || decoded.channels !== 3 || decoded.depth !== 8)
    throw new Error(`expected ${width} x ${height}, got ${decoded.width} x ${decoded.height}`);
  const colour = (pixel: number) => Array.from(decoded.data.subarray(3 * pixel, 3 * pixel + 3)) as unknown as Colour;
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => colour(y * width + x)));
}
