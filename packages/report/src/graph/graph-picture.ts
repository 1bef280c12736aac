import { checkInteger } from "../checks.js";
import { Html, html } from "../html.js";
import { arrow, type Box, pixels } from "./arrow.js";
import { boxesOf, MARGIN } from "./boxes.js";
import type { EdgeMark, GraphPicture, PictureEdge } from "./picture-types.js";

/** Marks in the order in which they are drawn and explained: the last is on top. */
const MARKS = {
  missed: "asked for, not in the answer",
  wrong: "in the answer, not asked for",
  right: "asked for, in the answer",
} as const satisfies Record<EdgeMark, string>;

const MIN_SIDE = 160;
const LEGEND_LINE = 22;
/** Bend of an arrow, and of each further one between the same nodes, in pixels. */
const BEND = 12;
/** Number of edges above which only those that are marked have a label. */
const MAX_LABELS = 60;

/** Styles for light and dark pages. They affect no other element. */
const STYLE = [
  "{--card:#fff;--right:#0f7f87;--wrong:#c8341a;--missed:#b8860b}",
  "text{font:12px system-ui,sans-serif;fill:currentColor;text-anchor:middle;dominant-baseline:central}",
  ".node rect{fill:var(--card);stroke:currentColor;stroke-width:1.2}",
  ".node text{font-weight:600;font-variant-numeric:tabular-nums}",
  ".start rect{stroke:var(--right);stroke-width:3}",
  ".goal rect{fill:var(--right);stroke:var(--right)}",
  ".goal text{fill:var(--card)}",
  ".label{font-size:10.5px;opacity:.75;paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}",
  "path{fill:none;stroke:currentColor;stroke-width:1.2;stroke-linecap:round}",
  ".head{fill:currentColor;stroke:none}",
  ".edge path{opacity:.35}",
  ...Object.keys(MARKS).flatMap((mark) => [
    `.${mark} path{stroke:var(--${mark});stroke-width:3;opacity:1}`,
    `.${mark} .head{fill:var(--${mark});stroke:var(--${mark});stroke-width:1.5}`,
    `.${mark} .label{fill:var(--${mark});opacity:1;font-weight:700}`,
  ]),
  ".missed path.line{stroke-dasharray:5 6}",
  ".legend text{text-anchor:start;font-weight:400}",
].map((rule) => (rule.startsWith("{") ? `.graph-picture${rule}` : `.graph-picture ${rule}`));

/**
 * Draws a directed graph as a self-contained SVG, to use as a file or as part of a page: nodes with names, arrows with labels, and the
 * edges of a path highlighted by what a network has made of it.
 *
 *     const svg = graphPicture({ title: "A graph", nodes: ["a", "b"], edges: [{ source: 0, destination: 1, label: "x", mark: "right" }] });
 *
 * The same graph always gives the same picture. A legend explains the marks that occur. With more than 60 edges only marked ones have labels.
 *
 * @param picture - the graph, and the size of its picture.
 * @returns the text of an `<svg>` element; everything that comes from the graph is escaped.
 * @throws RangeError if there is no node, an index is not that of a node, there is not a place for each node, or a size is too small;
 *   TypeError if a mark is unknown.
 */
export function graphPicture(picture: GraphPicture): string {
  return drawGraph(picture).toString().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** Renders the picture of `graphPicture` for a page, which needs no namespace. */
export function drawGraph(picture: GraphPicture): Html {
  check(picture);
  const { title, nodes, edges, start, goal, width = 640, height = 480 } = picture;
  const boxes = boxesOf(picture, { width, height });
  const used = (Object.keys(MARKS) as EdgeMark[]).filter((mark) => edges.some((edge) => edge.mark === mark));
  const order = [undefined, ...used];
  const drawn = withBends(edges)
    .map((edge) => ({ ...edge, ...arrow(boxes[edge.source], boxes[edge.destination], edge.bend) }))
    .sort((a, b) => order.indexOf(a.mark) - order.indexOf(b.mark));
  const arrows = drawn.map(
    ({
      mark,
      line,
      head,
    }) => html`<g class="${mark ?? "edge"}"><path class="line" d="${line}"/><path class="head" d="${head}"/></g>
`,
  );
  const labels = drawn
    .filter(({ mark }) => mark !== undefined || edges.length <= MAX_LABELS)
    .map(
      ({ mark, label, labelPlace: { x, y } }) =>
        html`<g class="${mark ?? "edge"}"><text class="label" x="${pixels(x)}" y="${pixels(y)}">${label}</text></g>
`,
    );
  const names = nodes.map((name, index) =>
    nodeBox(name, boxes[index], { isStart: index === start, isGoal: index === goal }),
  );
  const total = height + LEGEND_LINE * used.length;
  return html`<svg class="graph-picture" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${title}"><title>${title}</title>
<style>${new Html(STYLE.join("\n"))}</style>
${arrows}${labels}${names}${used.map((mark, index) => legendLine(mark, height + LEGEND_LINE * index))}</svg>
`;
}

function check({ nodes, edges, start, goal, places, width = 640, height = 480 }: GraphPicture): void {
  checkInteger("width", width, MIN_SIDE);
  checkInteger("height", height, MIN_SIDE);
  if (nodes.length === 0) throw new RangeError("nodes: expected at least one, got none");
  const checkNode = (name: string, index: number) => {
    if (!(Number.isInteger(index) && index >= 0 && index < nodes.length))
      throw new RangeError(`${name}: expected an index from 0 to ${nodes.length - 1}, got ${index}`);
  };
  if (start !== undefined) checkNode("start", start);
  if (goal !== undefined) checkNode("goal", goal);
  edges.forEach(({ source, destination, mark }, at) => {
    checkNode(`edges[${at}].source`, source);
    checkNode(`edges[${at}].destination`, destination);
    if (mark !== undefined && !Object.keys(MARKS).includes(mark))
      throw new TypeError(`edges[${at}].mark: expected one of ${Object.keys(MARKS).join(", ")}, got ${mark}`);
  });
  if (places !== undefined && places.length !== nodes.length)
    throw new RangeError(`places: expected one for each of ${nodes.length} nodes, got ${places.length}`);
  places?.forEach(({ x, y }, at) => {
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1))
      throw new RangeError(`places[${at}]: expected x and y from 0 to 1, got ${x} and ${y}`);
  });
}

/** Gives every edge a bend: those from one node to another are bent more and more, so that each can be seen. */
function withBends(edges: readonly PictureEdge[]): readonly (PictureEdge & { readonly bend: number })[] {
  const seen = new Map<string, number>();
  return edges.map((edge) => {
    const key = `${edge.source} ${edge.destination}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { ...edge, bend: BEND * (1 + 1.6 * before) };
  });
}

/** Which ends of a path a node is. */
type Ends = { readonly isStart: boolean; readonly isGoal: boolean };

function nodeBox(name: string, { x, y, halfWidth, halfHeight }: Box, { isStart, isGoal }: Ends): Html {
  return html`<g class="node${isStart && " start"}${isGoal && " goal"}"><rect x="${pixels(x - halfWidth)}" y="${pixels(y - halfHeight)}" width="${pixels(2 * halfWidth)}" height="${2 * halfHeight}" rx="${halfHeight}"/><text x="${pixels(x)}" y="${pixels(y)}">${name}</text></g>
`;
}

function legendLine(mark: EdgeMark, y: number): Html {
  return html`<g class="legend ${mark}"><path class="line" d="M${MARGIN} ${y}h28"/><text x="${MARGIN + 38}" y="${y}">${MARKS[mark]}</text></g>
`;
}
