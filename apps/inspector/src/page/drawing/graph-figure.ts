import { graphPicture, sequenceGraph } from "@dnc/report";
import type { GraphSequence } from "@dnc/tasks";
import { element } from "../dom.js";
import { svgImage } from "../drawing/svg-image.js";
import type { SequenceView } from "../trace/sequence-view.js";

/** Number of queries that are drawn. */
const MOST_QUERIES = 3;

/** Draws the graph of a sequence once for each of its first queries. */
export function graphFigures(graph: GraphSequence): readonly HTMLElement[] {
  return graph.queries.slice(0, MOST_QUERIES).map((query) => {
    const { picture, answer, caption } = sequenceGraph(graph, query);
    const name = element("figcaption", {}, caption);
    return element("figure", {}, name, pictureOf(picture), element("pre", { class: "graph-answer" }, answer));
  });
}

/** Draws the graph of a sequence with the network's answer, which is also written below it. */
export function graphFigure({ graph }: SequenceView): HTMLElement {
  const [query] = graph?.queries ?? [];
  if (!graph || !query) return element("p", {}, "There is no path in this sequence.");
  const { picture, answer } = sequenceGraph(graph, query);
  return element("div", {}, pictureOf(picture), element("pre", { class: "graph-answer" }, answer));
}

/**
 * Shows a graph as an image, in the colours of the page: its own styles may not be part of the page.
 *
 * @param options - `legend`: whether marks are explained below the graph; default: true.
 */
export function pictureOf(picture: Parameters<typeof graphPicture>[0], { legend = true } = {}): HTMLImageElement {
  const theme = getComputedStyle(document.documentElement);
  const colour = (name: string) => theme.getPropertyValue(name).trim();
  const more = legend ? "" : ".graph-picture .legend{display:none}";
  const colours = `.graph-picture{color:${colour("--ink")};--card:${colour("--card")};--right:${colour("--accent")};--wrong:${colour("--alert")}}${more}`;
  const drawn = graphPicture(picture).replace("</style>", () => `\n${colours}</style>`);
  return svgImage(drawn, picture.title);
}
