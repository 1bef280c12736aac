import { type Point, pathOf, SIDE, thinned } from "./curve.js";
import { type Html, html } from "./html.js";
import { type Scale, tightScale } from "./scale.js";

/** More stretches than a screen shows side by side are of no use. */
const STRETCHES = 400;

/** One curve over the iterations. */
export interface LineChart {
  readonly title: string;
  /** Of the values, in words. */
  readonly unit: string;
  /** What the curve says, for those who do not see it. */
  readonly description: string;
  /** By iteration; at least one. */
  readonly points: readonly Point[];
  readonly scale: Scale;
  readonly look: "large" | "small";
}

/** A chart that takes any width; its text does not grow with it. */
export function lineChart({ title, unit, description, points, scale, look }: LineChart): Html {
  const across = tightScale(0, points[points.length - 1].x);
  const places = thinned(points, STRETCHES).map(({ x, y }) => ({ x: across.at(x), y: scale.at(y) }));
  const rows = scale.ticks.map(({ value, label }) => {
    const y = percent(1 - scale.at(value));
    return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy=".32em" text-anchor="end">${label}</text>`;
  });
  const columns = across.ticks.map(({ value, label }) => {
    const x = percent(across.at(value));
    return html`<line class="tick" x1="${x}" x2="${x}" y1="100%" y2="100%" /><text x="${x}" y="100%" dy="1.5em" text-anchor="middle">${label}</text>`;
  });
  return html`<figure class="chart ${look}">
<figcaption>${title} <small>${unit}${scale.kind === "logarithmic" ? ", logarithmic" : ""}</small></figcaption>
<div class="plot"><svg role="img" aria-label="${description}"><title>${description}</title>
<g aria-hidden="true">${rows}${columns}<line class="axis" x1="0" x2="100%" y1="100%" y2="100%"/></g>
<svg viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" width="100%" height="100%"><path class="${places.length === 1 ? "dot" : "curve"}" d="${pathOf(places)}"/></svg>
</svg></div>
<p class="across">iterations</p>
</figure>`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))}%`;
}
