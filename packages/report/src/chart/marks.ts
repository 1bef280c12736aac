import { type Html, html } from "../html.js";

/** A place on the horizontal axis of a chart where something begins. */
export interface ChartMark {
  /** Its place, from 0 to the end of the axis. */
  readonly x: number;
  /** A word or number above the line. */
  readonly label: string;
}

/** Renders marks as dashed lines with their labels above, filling the enclosing `<svg>`. */
export function drawMarks(marks: readonly ChartMark[], place: (x: number) => string): Html {
  return html`${marks.map(({ x, label }) => {
    const at = place(x);
    return html`<line class="mark" x1="${at}" x2="${at}" y1="0" y2="100%"/><text x="${at}" y="0" dy="-.35em" text-anchor="middle">${label}</text>`;
  })}`;
}
