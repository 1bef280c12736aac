import { linearScale } from "../chart/scale.js";
import { type Html, html } from "../html.js";
import { OUTPUT_PHASE, type Phase } from "./phases.js";

/** Approximate width of a letter of a phase's name, and of the plot of a narrow page, in pixels. */
const LETTER = 6.2;
const NARROW = 270;

/** Lines for the names of phases; names without room in them are left out. */
const MAX_LINES = 3;

/**
 * Renders the axis that all strips share: the phases of the sequence and ticks of the time steps.
 *
 * @param phases - in the order of time.
 */
export function clock(timeSteps: number, phases: readonly Phase[]): Html {
  const lines = phaseLines(phases, (step) => (step / timeSteps) * NARROW, LETTER);
  const count = Math.max(-1, ...lines) + 1;
  const bars = phases.map(({ name, start, end }, index) => {
    const line = lines[index];
    const text = line < 0 ? undefined : html`<span style="--line:${line}">${name}</span>`;
    const kind = name === OUTPUT_PHASE ? " counts" : index % 2 === 0 ? "" : " even";
    return html`<div class="phase${kind}" style="--from:${start};--size:${end - start}" title="${name}">${text}</div>`;
  });
  const ticks = ticksOf(timeSteps).map((step) => html`<span style="--from:${step}">${step}</span>`);
  return html`<div class="clock" aria-hidden="true"><span class="rows">time step</span><div class="axis">
${phases.length > 0 && html`<div class="phases" style="--lines:${count}">${bars}</div>`}<div class="ticks">${ticks}</div></div></div>
`;
}

/** Returns the CSS background that draws a line between phases over the whole height of an element. */
export function phaseEdges(timeSteps: number, phases: readonly Phase[]): string {
  const edges = phases.slice(1).map(({ start }) => {
    const place = Number(((100 * start) / timeSteps).toFixed(3));
    return `linear-gradient(var(--edge),var(--edge)) ${place}% 0/1px 100% no-repeat`;
  });
  return edges.join(",") || "none";
}

/** Selects round time steps for the ticks. */
export function ticksOf(timeSteps: number): readonly number[] {
  if (timeSteps <= 12) return Array.from({ length: timeSteps }, (_, step) => step);
  const { ticks } = linearScale(0, timeSteps - 1);
  return ticks.map(({ value }) => value).filter((value) => Number.isInteger(value) && value < timeSteps);
}

/**
 * Finds a line for the name of each phase in which it does not overlap the name before it; -1 if there is none.
 *
 * @param placeOf - place of the beginning of a time step, in pixels.
 * @param letter - approximate width of a letter, in pixels.
 */
export function phaseLines(
  phases: readonly Phase[],
  placeOf: (step: number) => number,
  letter: number,
): readonly number[] {
  const ends = Array.from({ length: MAX_LINES }, () => Number.NEGATIVE_INFINITY);
  return phases.map(({ name, start }) => {
    const begin = placeOf(start);
    const line = ends.findIndex((end) => end <= begin);
    if (line >= 0) ends[line] = begin + (name.length + 1) * letter;
    return line;
  });
}
