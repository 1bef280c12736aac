import type { Place } from "./layout.js";

/** Length and half the width of an arrow's head, in pixels. */
const HEAD = { length: 9, half: 4 } as const;

/** Free space between a node and an arrow, in pixels. */
const GAP = 2;

/** The box of a node: its centre, and half its sides, in pixels. */
export type Box = Place & { readonly halfWidth: number; readonly halfHeight: number };

/** An arrow as SVG paths, and where its label is. */
export type Arrow = { readonly line: string; readonly head: string; readonly labelPlace: Place };

/** Where on an arrow its label is: before the middle, so that it is not on that of the arrow back, or of one that crosses. */
const LABEL_SHARE = 0.4;

/**
 * Draws an arrow from node to node, bent to one side of its direction so that the arrow back is another one.
 *
 * @param bend - how far its middle is from the straight line, in pixels.
 */
export function arrow(from: Box, to: Box, bend: number): Arrow {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const distance = Math.hypot(dx, dy);
  if (distance < 1) return loop(from, bend);
  const control = {
    x: (from.x + to.x) / 2 - (2 * bend * dy) / distance,
    y: (from.y + to.y) / 2 + (2 * bend * dx) / distance,
  };
  const [begin, end] = [edgeOf(from, control), edgeOf(to, control)];
  const shaft = towards(end, control, HEAD.length);
  return {
    line: `M${at(begin)}Q${at(control)} ${at(shaft)}`,
    head: headAt(shaft, end),
    labelPlace: { x: between(begin.x, control.x, end.x), y: between(begin.y, control.y, end.y) },
  };
}

/** Draws an arrow from a node to itself, above it. */
function loop({ x, y, halfHeight }: Box, bend: number): Arrow {
  const [low, high] = [y - halfHeight - GAP, y - halfHeight - 28 - bend];
  const [begin, end] = [
    { x: x - 8, y: low },
    { x: x + 8, y: low },
  ];
  const right = { x: x + 26, y: high };
  const shaft = towards(end, right, HEAD.length);
  return {
    line: `M${at(begin)}C${at({ x: x - 26, y: high })} ${at(right)} ${at(shaft)}`,
    head: headAt(shaft, end),
    labelPlace: { x, y: (low + 3 * high) / 4 },
  };
}

/** Draws the triangle that ends an arrow. */
function headAt(shaft: Place, end: Place): string {
  const length = Math.max(Math.hypot(end.x - shaft.x, end.y - shaft.y), 1);
  const [x, y] = [(end.x - shaft.x) / length, (end.y - shaft.y) / length];
  const corners = [HEAD.half, -HEAD.half].map((side) => ({ x: shaft.x - side * y, y: shaft.y + side * x }));
  return `M${at(end)}L${at(corners[0])}L${at(corners[1])}Z`;
}

/** Where the way from the middle of a box to a point leaves it. */
function edgeOf({ halfWidth, halfHeight, ...centre }: Box, point: Place): Place {
  const [dx, dy] = [Math.abs(point.x - centre.x), Math.abs(point.y - centre.y)];
  const share = Math.min((halfWidth + GAP) / Math.max(dx, 1e-6), (halfHeight + GAP) / Math.max(dy, 1e-6), 1);
  return { x: centre.x + share * (point.x - centre.x), y: centre.y + share * (point.y - centre.y) };
}

/** The point at a distance from `from`, in the direction of `to`. */
function towards(from: Place, to: Place, distance: number): Place {
  const all = Math.max(Math.hypot(to.x - from.x, to.y - from.y), 1);
  return { x: from.x + ((to.x - from.x) * distance) / all, y: from.y + ((to.y - from.y) * distance) / all };
}

/** Formats a point for a path. */
function at({ x, y }: Place): string {
  return `${pixels(x)} ${pixels(y)}`;
}

/** A coordinate of the place of the label, on a quadratic curve. */
function between(begin: number, control: number, end: number): number {
  const [before, after] = [1 - LABEL_SHARE, LABEL_SHARE];
  return before * before * begin + 2 * before * after * control + after * after * end;
}

/** Rounds a coordinate. */
export function pixels(value: number): number {
  return Number(value.toFixed(1));
}
