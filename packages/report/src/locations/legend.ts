import { type Html, html } from "../html.js";
import { LEGEND_LINE, LETTER } from "./chart-layout.js";
import { headColour, type Paint } from "./colours.js";
import { box, cross, readSymbol } from "./marks.js";
import { type HeadUse, type MemoryUse, READ_MODES, type ReadMode } from "./memory-use.js";

/** Sizes in pixels: from a symbol to its text, between entries, and of a symbol. */
const SYMBOL = 16;
const GAP = 20;
const RADIUS = 5.5;

/** What the shapes of reads mean. */
const MODES = {
  content: "read by content",
  forward: "read forward along the links",
  backward: "read backward along the links",
} as const satisfies Record<ReadMode, string>;

type Entry = { readonly text: string; readonly symbol: (x: number, y: number) => Html };

/** The legend of the marks that occur. */
export type Legend = {
  /** Draws it with its first line at a height. */
  readonly draw: (y: number) => Html;
  readonly lines: number;
};

/** Lays out the legend in lines of a width. */
export function legendOf(
  use: MemoryUse,
  { x, width, paint }: { readonly x: number; readonly width: number; readonly paint: Paint },
): Legend {
  const placed: { readonly entry: Entry; readonly x: number; readonly line: number }[] = [];
  let [at, line] = [0, 0];
  for (const entry of entriesOf(use, paint)) {
    const length = SYMBOL + entry.text.length * LETTER.legend;
    if (at > 0 && at + length > width) [at, line] = [0, line + 1];
    placed.push({ entry, x: x + at, line });
    at += length + GAP;
  }
  const draw = (y: number) =>
    html`${placed.map(({ entry, x, line }) => {
      const middle = y + LEGEND_LINE * (line + 0.5);
      return html`<g data-part="legend">${entry.symbol(x + RADIUS, middle)}<text x="${x + SYMBOL}" y="${middle}" dy=".35em" fill="${paint("ink")}">${entry.text}</text></g>
`;
    })}`;
  return { draw, lines: placed.length === 0 ? 0 : line + 1 };
}

function entriesOf({ heads, freed }: MemoryUse, paint: Paint): readonly Entry[] {
  const count = (kind: HeadUse["kind"]) => heads.filter((use) => use.kind === kind).length;
  const modes = new Set(heads.flatMap(({ events }) => events.map(({ mode }) => mode)));
  return [
    ...heads.map(({ kind, head }) => ({
      text: headName(kind, head, count(kind)),
      symbol: (x: number, y: number) => {
        const d = kind === "write" ? box({ x, y }, 2 * RADIUS, 2 * RADIUS) : readSymbol({ x, y }, RADIUS, undefined);
        return html`<path d="${d}" fill="${paint(headColour(kind, head))}"/>`;
      },
    })),
    ...READ_MODES.filter((mode) => modes.has(mode)).map((mode) => ({
      text: MODES[mode],
      symbol: (x: number, y: number) =>
        html`<path d="${readSymbol({ x, y }, RADIUS - 1, mode)}" fill="none" stroke="${paint("ink")}"/>`,
    })),
    ...(freed.length > 0
      ? [
          {
            text: "freed",
            symbol: (x: number, y: number) =>
              html`<path d="${cross({ x, y }, 3.2)}" fill="none" stroke="${paint("ink")}" stroke-width="1.5"/>`,
          },
        ]
      : []),
  ];
}

/** Names a head: "write head", or "read head 2" of several. */
export function headName(kind: HeadUse["kind"], head: number, heads: number): string {
  return heads === 1 ? `${kind} head` : `${kind} head ${head + 1}`;
}
