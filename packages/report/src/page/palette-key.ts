import { type Html, html } from "../html.js";
import { heatmap } from "../images/heatmap.js";
import type { Palette } from "../images/palette.js";
import { pngDataUrl } from "../images/png.js";

/** Number of colours in the key of a palette. */
const KEY_COLOURS = 64;

/** Renders a palette as a short bar from its first to its last colour. */
export function paletteKey(palette: Palette): Html {
  const ramp = Array.from({ length: KEY_COLOURS }, (_, index) => index / (KEY_COLOURS - 1));
  const image = heatmap(ramp, 1, KEY_COLOURS, { range: [0, 1], palette });
  return html`<img class="ramp" src="${pngDataUrl(image)}" alt="" width="64" height="10">`;
}
