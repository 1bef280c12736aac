import type { TraceData } from "@dnc/core";
import type { Settings } from "../flags.js";
import { heatmap } from "../pictures/heatmap.js";
import type { Palette } from "../pictures/palette.js";
import type { Picture } from "../pictures/picture.js";
import { type NamedPicture, tracePictures } from "../pictures/trace-pictures.js";
import { type Html, html } from "./html.js";

/** The sides of a picture on the page, in CSS pixels, and those of a cell; labels take room beside a picture. */
const SIDE = { wide: 264, besideLabels: 160, high: 176 } as const;
const CELL = { least: 3, most: 16, labelled: 14 } as const;

/** Steps of a key from the first colour to the last. */
const RAMP = 64;

/** The pictures of a trace: the sequence and its answer first, then what the memory did. */
export function picturesOf(trace: TraceData, settings: Settings): readonly NamedPicture[] {
  const bits = Array.from({ length: settings.num_bits }, (_, bit) => `bit ${bit + 1}`);
  const copies = settings.task === "copy";
  const answers = copies ? bits : [...bits, "end"];
  return [
    channels(trace, "observations", "What it sees", [...bits, "start", copies ? "recall" : "repeats"]),
    channels(trace, "target", "What it should answer", answers),
    channels(trace, "output", "What it answers (probabilities)", answers),
    ...tracePictures(trace, { cell: 1 }),
  ];
}

/** A row a channel of the first sequence, a column a step. */
function channels({ quantities }: TraceData, name: string, title: string, rowLabels: readonly string[]): NamedPicture {
  const { data, shape } = quantities[name];
  const [time, batch, width] = shape;
  const values = Array.from({ length: width * time }, (_, index) => {
    const [channel, step] = [Math.floor(index / time), index % time];
    return data[step * batch * width + channel];
  });
  const range = [0, 1] as const;
  return {
    name,
    title,
    rows: "channels",
    columns: "time",
    range,
    rowLabels,
    ...heatmap(values, width, time, { range }),
  };
}

/** Pictures with their captions, axes and ranges. */
export function pictureFigures(pictures: readonly NamedPicture[]): Html {
  const figures = pictures.map((picture) => {
    const { title, rows, columns, range, rowLabels } = picture;
    const [low, high] = range.map((value) => Number(value.toPrecision(3)));
    const [wide, tall] = sidesOf(picture);
    const alt = `${title}: ${picture.height} ${rows} from top to bottom, ${columns} from left to right, ${low} to ${high}`;
    const labels = rowLabels && html`<ol aria-hidden="true">${rowLabels.map((label) => html`<li>${label}</li>`)}</ol>`;
    return html`<figure><figcaption>${title}<span class="axes">${rows} \u2193, ${columns} \u2192, colours ${low} to ${high}</span></figcaption>
<div class="drawn"><img src="${dataUri(picture)}" alt="${alt}" width="${wide}" height="${tall}">${labels}</div></figure>
`;
  });
  return html`<div class="pictures">
${figures}</div>`;
}

/** A palette from its first colour to its last, as wide as a few words. */
export function paletteKey(palette: Palette): Html {
  const ramp = Array.from({ length: RAMP }, (_, index) => index / (RAMP - 1));
  const picture = heatmap(ramp, 1, RAMP, { range: [0, 1], palette });
  return html`<img class="ramp" src="${dataUri(picture)}" alt="" width="64" height="10">`;
}

function dataUri({ png }: Picture): string {
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

/** @param picture - with a pixel a cell. */
function sidesOf({ width, height, rowLabels }: NamedPicture): readonly [wide: number, high: number] {
  const room = rowLabels ? SIDE.besideLabels : SIDE.wide;
  const across = Math.min(CELL.most, Math.max(CELL.least, Math.floor(room / width)));
  const down = rowLabels ? CELL.labelled : Math.min(CELL.most, Math.max(CELL.least, Math.floor(SIDE.high / height)));
  return [width * across, height * down];
}
