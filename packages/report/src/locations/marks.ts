import { type Html, html } from "../html.js";
import type { ChartLayout } from "./chart-layout.js";
import { headColour, type Paint } from "./colours.js";
import {
  type HeadEvent,
  type HeadUse,
  type MemoryEvent,
  type MemoryUse,
  READ_MODES,
  type ReadMode,
} from "./memory-use.js";

/** Least side of a mark, in pixels. */
const LEAST = 2;
/** Width of a lane of a read head below which its marks are bars. */
const NARROW_LANE = 4;
/** Sides of marks in shares of their cells. */
const SHARE = { write: 0.94, read: 0.8, bar: 0.62 } as const;
/** Half the side of the largest cross of a freed slot. */
const CROSS = 3.2;

/** Where marks are: the layout, and the row of each slot that is shown. */
export type Places = ChartLayout & { readonly rowOf: ReadonlyMap<number, number> };

/** Draws what the heads do: writes as squares at the back, reads as dots and triangles in front of them, crosses where slots are freed. */
export function drawMarks({ heads, freed }: MemoryUse, places: Places, paint: Paint): Html {
  const count = (kind: HeadUse["kind"]) => heads.filter((each) => each.kind === kind).length;
  return html`${heads.map((use) => drawHead(use, count(use.kind), places, paint))}${drawFreed(freed, places, paint)}`;
}

function drawHead({ kind, head, events }: HeadUse, heads: number, places: Places, paint: Paint): Html {
  const colour = paint(headColour(kind, head));
  const lane = { width: places.column / heads, from: (places.column * head) / heads };
  const shapes = (wanted: ReadMode | undefined) =>
    events
      .filter(({ mode }) => mode === wanted)
      .flatMap((event) => {
        const row = places.rowOf.get(event.slot);
        if (row === undefined) return [];
        const x = places.plot.x + event.step * places.column + lane.from + lane.width / 2;
        const centre = { x, y: places.plot.y + (row + 0.5) * places.row };
        return [kind === "write" ? writeShape(centre, event, lane, places) : readShape(centre, event, lane, places)];
      })
      .join("");
  const halo = kind === "read" && Math.min(lane.width, places.row) >= NARROW_LANE;
  const outline = halo && html` stroke="${paint("card")}" stroke-width="1" paint-order="stroke"`;
  return html`${[undefined, ...READ_MODES].map((mode) => {
    const d = shapes(mode);
    const part = html`data-part="${kind}" data-head="${head + 1}"${mode !== undefined && html` data-mode="${mode}"`}`;
    return (
      d !== "" &&
      html`<path ${part} d="${d}" fill="${colour}"${outline}/>
`
    );
  })}`;
}

type Centre = { readonly x: number; readonly y: number };
type Lane = { readonly width: number };

/** A rectangle whose area is the weight's share of its cell. */
function writeShape(centre: Centre, { amount }: MemoryEvent, { width }: Lane, { row }: Places): string {
  const side = SHARE.write * Math.sqrt(amount);
  return box(centre, Math.max(LEAST, width * side), Math.max(LEAST, row * side));
}

function readShape(centre: Centre, { amount, mode }: HeadEvent, { width }: Lane, { row }: Places): string {
  const root = Math.sqrt(amount);
  const side = SHARE.read * root * Math.min(width, row);
  if (Math.min(width, row) < NARROW_LANE)
    return box(centre, Math.max(LEAST, width * SHARE.bar * root), Math.max(LEAST, row * SHARE.bar * root));
  return readSymbol(centre, side / 2, mode);
}

/** The shape of a read: a dot by content, a triangle to the right forward along the links, one to the left backward. */
export function readSymbol({ x, y }: Centre, radius: number, mode: ReadMode | undefined): string {
  const [r, d] = [rounded(radius), rounded(2 * radius)];
  if (mode !== "forward" && mode !== "backward")
    return `M${rounded(x - radius)} ${rounded(y)}a${r} ${r} 0 1 1 ${d} 0a${r} ${r} 0 1 1 ${-d} 0z`;
  const way = mode === "forward" ? 1 : -1;
  return `M${rounded(x - way * radius)} ${rounded(y - radius)}l${way * d} ${r}l${-way * d} ${r}z`;
}

export function box({ x, y }: Centre, width: number, height: number): string {
  const [w, h] = [rounded(width), rounded(height)];
  return `M${rounded(x - width / 2)} ${rounded(y - height / 2)}h${w}v${h}h${-w}z`;
}

function drawFreed(freed: readonly MemoryEvent[], places: Places, paint: Paint): Html {
  const size = Math.min(CROSS, 0.3 * places.row, 0.45 * places.column);
  const d = freed
    .flatMap(({ step, slot }) => {
      const row = places.rowOf.get(slot);
      if (row === undefined) return [];
      return [cross({ x: places.plot.x + step * places.column, y: places.plot.y + (row + 0.5) * places.row }, size)];
    })
    .join("");
  return html`${
    d !== "" &&
    html`<path data-part="freed" d="${d}" fill="none" stroke="${paint("ink")}" stroke-width="${rounded(Math.max(0.75, size / 2.2))}"/>
`
  }`;
}

/** A cross; its two lines are one shape. */
export function cross({ x, y }: Centre, size: number): string {
  const side = rounded(2 * size);
  return `M${rounded(x - size)} ${rounded(y - size)}l${side} ${side}m${-side} 0l${side} ${-side}`;
}

/** Rounds to hundredths of a pixel. */
export function rounded(pixels: number): number {
  return Number(pixels.toFixed(2));
}
