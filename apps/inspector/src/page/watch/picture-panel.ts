import { blockBoards } from "@dnc/report";
import { element } from "../dom.js";
import { graphFigures } from "../drawing/graph-figure.js";
import { panel } from "../drawing/panel.js";
import { svgImage } from "../drawing/svg-image.js";
import type { Boards } from "../trace/sequence-view.js";
import type { Part, Watched } from "./watched.js";

/** The sequence as the task draws it: its graph with the answers, or the boards of a block puzzle; undefined for other tasks. */
export function picturePanel({ view }: Watched): Part | undefined {
  const { graph, boards } = view;
  if (graph) {
    const note = "The graph of this sequence, with what was asked and what the network answered.";
    return { element: panel({ title: "The graph", note, name: "picture" }, ...graphFigures(graph)) };
  }
  if (!boards) return undefined;
  const note = "The boards of this episode, from its start on, and under each the move that led to it.";
  return { element: panel({ title: "The blocks", note, name: "picture" }, ...boardFigures(boards)) };
}

function boardFigures({ goals, frames }: Boards): readonly HTMLElement[] {
  const last = frames.at(-1)?.caption ?? "";
  const drawn = blockBoards(frames, { title: `${frames.length} boards of an episode`, perLine: 6 });
  return [element("pre", {}, goals.join("\n")), svgImage(drawn, `${frames.length} boards, the last after: ${last}`)];
}
