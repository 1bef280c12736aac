/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Mapping from numbers to colours: from low to high, or away from a neutral middle. */
export type Palette = "sequential" | "diverging";

/** Colours from the lowest to the highest number; values in between are interpolated. */
export const PALETTES = {
  /**
   * From dark blue to bright yellow; perceptually uniform, also for colour-blind readers and in greyscale.
   *
   * Source: viridis by Stéfan van der Walt, Nathaniel Smith and Eric Firing (CC0), https://bids.github.io/colormap/;
   * every 17th of its 256 colours.
   */
  sequential: coloursOf(
    "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725",
  ),
  /**
   * From blue through near-white to red; symmetric, and distinguishable for colour-blind readers.
   *
   * Source: RdBu with eleven classes by Cynthia Brewer, https://colorbrewer2.org, reversed.
   */
  diverging: coloursOf("053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f"),
} as const satisfies Record<Palette, readonly Colour[]>;

/** The colour of NaN. */
const NAN_COLOUR: Colour = [128, 128, 128];

/** Returns the colour of a number.
 *
 * @param fraction - position of the number in its range: 0 is the lowest, 1 the highest; numbers outside are clamped.
 */
export function colourAt(palette: Palette, fraction: number): Colour {
  if (Number.isNaN(fraction)) return NAN_COLOUR;
  const colours = PALETTES[palette];
  const place = Math.min(Math.max(fraction, 0), 1) * (colours.length - 1);
  const before = Math.min(Math.floor(place), colours.length - 2);
  const mix = (channel: 0 | 1 | 2) => {
    const [from, to] = [colours[before][channel], colours[before + 1][channel]];
    return Math.round(from + (place - before) * (to - from));
  };
  return [mix(0), mix(1), mix(2)];
}

function coloursOf(codes: string): Colour[] {
  return codes.split(" ").map((code) => {
    const value = Number.parseInt(code, 16);
    return [value >> 16, (value >> 8) & 0xff, value & 0xff];
  });
}
