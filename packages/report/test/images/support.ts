import { decode } from "fast-png";
import type { RgbImage } from "../../src/images/image.js";
import type { Colour } from "../../src/images/palette.js";
import { encodePng } from "../../src/images/png.js";

/** Reads the colour of every pixel, by rows, with a PNG decoder. */
export function pixelsOf(image: RgbImage): Colour[][] {
  const { width, height } = image;
  const decoded = decode(encodePng(image), { checkCrc: true });
  if (decoded.width !== width || decoded.height !== height || decoded.channels !== 3 || decoded.depth !== 8)
    throw new Error(`expected ${width} x ${height}, got ${decoded.width} x ${decoded.height}`);
  const colour = (pixel: number) => Array.from(decoded.data.subarray(3 * pixel, 3 * pixel + 3)) as unknown as Colour;
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => colour(y * width + x)));
}
