import { heatmap } from "@dnc/report";

/** Number of colours of a palette. */
const COLOURS = 256;

/** A palette of `@dnc/report` as pixels of canvas image data, from the lowest to the highest number. */
export type PaletteName = "sequential" | "diverging";

const palettes = new Map<PaletteName, Uint32Array>();

/** Returns the colours of a palette, each a pixel in the byte order of the machine. */
export function paletteOf(name: PaletteName): Uint32Array {
  const known = palettes.get(name);
  if (known) return known;
  const { data } = heatmap(
    Array.from({ length: COLOURS }, (_, index) => index),
    ...([1, COLOURS] as const),
    { range: [0, COLOURS - 1], palette: name },
  );
  const bytes = new Uint8Array(4 * COLOURS).fill(255);
  for (let index = 0; index < COLOURS; index++) bytes.set(data.subarray(3 * index, 3 * index + 3), 4 * index);
  const palette = new Uint32Array(bytes.buffer);
  palettes.set(name, palette);
  return palette;
}

/** The colour of what is no number. */
export const NAN_PIXEL = new Uint32Array(new Uint8Array([128, 128, 128, 255]).buffer)[0] as number;
