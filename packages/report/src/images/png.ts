import { encode } from "fast-png";
import { base64 } from "./base64.js";
import { CHANNELS, type RgbImage } from "./image.js";

/** Tables of the compression take 64 KiB instead of 1 MiB, allocated for each image; the files of heatmaps are as small. */
const MEMORY_LEVEL = 3;

/**
 * Encodes an image as a PNG file.
 *
 *     await writeFile("memory.png", encodePng(heatmap([0, 0.5, 1], 1, 3, { range: [0, 1] })));
 *
 * @param image - the image.
 * @returns the bytes of the file.
 * @throws RangeError if `data` does not have three bytes per pixel.
 */
export function encodePng(image: RgbImage): Uint8Array {
  const { width, height, data } = image;
  if (data?.length !== width * height * CHANNELS)
    throw new RangeError(`image.data: expected ${CHANNELS} * ${width} * ${height} bytes, got ${data?.length}`);
  return encode({ width, height, data, channels: CHANNELS, depth: 8 }, { zlib: { mem: MEMORY_LEVEL } });
}

/**
 * Encodes an image as a PNG in a `data:` URL, the `src` of an `<img>`.
 *
 * @param image - the image.
 * @returns a URL without characters that HTML would have to escape.
 * @throws RangeError as for `encodePng`.
 */
export function pngDataUrl(image: RgbImage): string {
  return `data:image/png;base64,${base64(encodePng(image))}`;
}
