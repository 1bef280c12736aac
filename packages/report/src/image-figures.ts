import { type Html, html } from "./html.js";
import { heatmap } from "./images/heatmap.js";
import type { NamedImage } from "./images/image.js";
import type { Palette } from "./images/palette.js";
import { pngDataUrl } from "./images/png.js";

/** Sides of an image on the page, in CSS pixels, and of its cells. Labels need room next to the image. */
const SIDE = { wide: 264, besideLabels: 160, high: 176 } as const;
const CELL = { least: 3, most: 16, labelled: 14 } as const;

/** Number of colours in the key of a palette. */
const KEY_COLOURS = 64;

/**
 * Renders images as figures, with captions, axes and ranges.
 *
 * @param images - images with one pixel per cell.
 */
export function imageFigures(images: readonly NamedImage[]): Html {
  const figures = images.map((image) => {
    const { title, rows, columns, range, rowLabels } = image;
    const [low, high] = range.map((value) => Number(value.toPrecision(3)));
    const [wide, tall] = sidesOf(image);
    const alt = `${title}: ${image.height} ${rows} from top to bottom, ${columns} from left to right, ${low} to ${high}`;
    const labels = rowLabels && html`<ol aria-hidden="true">${rowLabels.map((label) => html`<li>${label}</li>`)}</ol>`;
    return html`<figure><figcaption>${title}<span class="axes">${rows} \u2193, ${columns} \u2192, colours ${low} to ${high}</span></figcaption>
<div class="drawn"><img src="${pngDataUrl(image)}" alt="${alt}" width="${wide}" height="${tall}">${labels}</div></figure>
`;
  });
  return html`<div class="images">
${figures}</div>`;
}

/** Renders a palette as a short bar from its first to its last colour. */
export function paletteKey(palette: Palette): Html {
  const ramp = Array.from({ length: KEY_COLOURS }, (_, index) => index / (KEY_COLOURS - 1));
  const image = heatmap(ramp, 1, KEY_COLOURS, { range: [0, 1], palette });
  return html`<img class="ramp" src="${pngDataUrl(image)}" alt="" width="64" height="10">`;
}

function sidesOf({ width, height, rowLabels }: NamedImage): readonly [wide: number, high: number] {
  const room = rowLabels ? SIDE.besideLabels : SIDE.wide;
  const across = Math.min(CELL.most, Math.max(CELL.least, Math.floor(room / width)));
  const down = rowLabels ? CELL.labelled : Math.min(CELL.most, Math.max(CELL.least, Math.floor(SIDE.high / height)));
  return [width * across, height * down];
}
