import { graphPicture, sequenceGraph } from "@dnc/report";
import { element } from "../dom.js";
import type { SequenceView } from "../trace/sequence-view.js";

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
  const url = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
  const image = element("img", { class: "graph", alt: picture.title, src: url });
  image.addEventListener("load", () => URL.revokeObjectURL(url));
  return image;
}
