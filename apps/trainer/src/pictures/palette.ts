/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours for numbers from least to most; between two of them lie their mixtures. */
export const PALETTES = {
  /**
   * From dark blue to bright yellow, in steps that look equal, also to the colour-blind and in grey.
   *
   * Source: viridis by Stéfan van der Walt, Nathaniel Smith and Eric Firing (CC0), https://bids.github.io/colormap/;
   * every 17th of its 256 colours.
   */
  sequential: [
    ...coloursOf("440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e"),
    ...coloursOf("1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725"),
  ],
  /**
   * From blue over near-white to red, the same way to both sides, told apart by the colour-blind.
   *
   * Source: RdBu with eleven classes by Cynthia Brewer, https://colorbrewer2.org, turned around.
   */
  diverging: coloursOf("053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f"),
} as const;

/** How numbers turn into colours: from least to most, or away from a middle. */
export type Palette = keyof typeof PALETTES;

/** What is no number. */
export const NOT_A_NUMBER: Colour = [128, 128, 128];

/**
 * The colour of a number.
 *
 * @param share - where it lies in its range: 0 is the least, 1 the most; beyond them is as at them.
 */
export function colourAt(palette: Palette, share: number): Colour {
  if (Number.isNaN(share)) return NOT_A_NUMBER;
  const colours = PALETTES[palette];
  const place = Math.min(Math.max(share, 0), 1) * (colours.length - 1);
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
