import type { Box } from "./arrow.js";
import { layOut } from "./layout.js";
import type { GraphPicture } from "./picture-types.js";

/** Space around the nodes, in pixels. */
export const MARGIN = 34;
/** Half the height of a node's box, in pixels. */
const HALF_HEIGHT = 12;
/** Half the width of the smallest box, in pixels. */
const MIN_HALF_WIDTH = 18;
/** Width of a character in a name, in pixels. */
const CHARACTER = 7.2;
/** Free space between two boxes, in pixels. */
const SPACE = 8;
/** Rounds in which boxes that overlap move apart. */
const ROUNDS = 60;

/**
 * Places the boxes of a graph's nodes in a picture; where there is room they do not overlap.
 *
 * @param picture - the graph, with places or without.
 * @param size - sides of the picture, in pixels.
 */
export function boxesOf(
  { nodes, edges, places }: Pick<GraphPicture, "nodes" | "edges" | "places">,
  { width, height }: { readonly width: number; readonly height: number },
): readonly Box[] {
  const halves = nodes.map((name) => Math.max(MIN_HALF_WIDTH, (name.length * CHARACTER) / 2 + 6));
  const pairs = edges.map(({ source, destination }) => [source, destination] as const);
  const side = Math.max(MARGIN, ...halves.map((half) => half + SPACE));
  const boxes = (places ?? layOut(nodes.length, pairs)).map(({ x, y }, index) => ({
    ...{ x: side + x * (width - 2 * side), y: MARGIN + y * (height - 2 * MARGIN) },
    ...{ halfWidth: halves[index], halfHeight: HALF_HEIGHT },
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (let a = 0; a < boxes.length; a++) for (let b = a + 1; b < boxes.length; b++) moveApart(boxes[a], boxes[b]);
    for (const box of boxes) {
      box.x = Math.min(Math.max(box.x, box.halfWidth + SPACE), width - box.halfWidth - SPACE);
      box.y = Math.min(Math.max(box.y, MARGIN), height - MARGIN);
    }
  }
  return boxes;
}

type Movable = { -readonly [Name in keyof Box]: Box[Name] };

/** Moves two boxes that overlap apart, in the direction in which less is to go. */
function moveApart(a: Movable, b: Movable): void {
  const overlapX = a.halfWidth + b.halfWidth + SPACE - Math.abs(a.x - b.x);
  const overlapY = a.halfHeight + b.halfHeight + SPACE - Math.abs(a.y - b.y);
  if (overlapX <= 0 || overlapY <= 0) return;
  const axis = overlapX < overlapY ? "x" : "y";
  const step = (Math.min(overlapX, overlapY) / 2) * (a[axis] <= b[axis] ? 1 : -1);
  a[axis] -= step;
  b[axis] += step;
}
