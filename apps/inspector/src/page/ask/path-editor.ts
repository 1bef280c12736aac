import { sequenceGraph } from "@dnc/report";
import type { TraversalQuestion } from "@dnc/tasks";
import { element } from "../dom.js";
import { pictureOf } from "../drawing/graph-figure.js";
import type { Question } from "../worker/question.js";
import type { Editor, EditorContext } from "./editor.js";
import { outsideOf } from "./trained.js";

type Edge = TraversalQuestion["edges"][number];

/** Picks a path on a graph: a start, and then one of the edges that leave each node. */
export class PathEditor implements Editor {
  readonly element = element("div", { class: "editor" });
  readonly #context: EditorContext;
  readonly #edges: readonly Edge[];
  readonly #picture = element("div", { class: "graph-frame" });
  readonly #path = element("ol", { class: "path" });
  readonly #next = element("div", { class: "next-edges", role: "group", "aria-label": "Edges to go on" });
  readonly #undo: HTMLButtonElement;
  readonly #start: HTMLSelectElement;
  #chosen: Edge[];

  constructor({ edges, path }: TraversalQuestion, context: EditorContext) {
    this.#context = context;
    this.#edges = edges;
    this.#chosen = [...path];
    const nodes = [...new Set(edges.map(({ source }) => source))].sort((a, b) => a - b);
    this.#start = element(
      "select",
      { onchange: () => this.#choose([]) },
      ...nodes.map((node) => element("option", { value: node, selected: node === path[0]?.source }, numberText(node))),
    );
    const start = element("label", { class: "field" }, element("span", {}, "Start"), this.#start);
    this.#undo = element(
      "button",
      { type: "button", onclick: () => this.#choose(this.#chosen.slice(0, -1)) },
      "Undo the last edge",
    );
    const note =
      "Pick the start and then edges one after the other. The network reads the start and the labels, and names every node on the way.";
    this.element.append(
      this.#picture,
      element("div", { class: "fields" }, start),
      this.#path,
      this.#next,
      this.#undo,
      element("p", { class: "note" }, note),
    );
    this.#show();
  }

  question(): Question | string {
    if (this.#chosen.length === 0) return "Pick an edge from the start.";
    return { kind: "traversal", asked: { edges: this.#edges, path: [...this.#chosen] } };
  }

  outside(): readonly string[] {
    const { ranges } = this.#context;
    const path = outsideOf("path of", this.#chosen.length, ranges.get("path"));
    const nodes = outsideOf("nodes", new Set(this.#edges.map(({ source }) => source)).size, ranges.get("nodes"));
    return [path, nodes].filter((text) => text !== undefined);
  }

  #choose(path: Edge[]): void {
    this.#chosen = path;
    this.#show();
    this.#context.onChange();
  }

  #show(): void {
    const last = this.#chosen.at(-1);
    const at = last?.destination ?? Number(this.#start.value);
    const answer = this.#chosen.map((target) => ({ target, output: target }));
    const { picture } = sequenceGraph({ edges: this.#edges }, { walk: this.#chosen, answer });
    const title = `A graph of ${picture.nodes.length} nodes; the path is ${this.#chosen.map(edgeText).join(", ") || "empty"}`;
    this.#picture.replaceChildren(pictureOf({ ...picture, title }, { legend: false }));
    this.#path.replaceChildren(...this.#chosen.map((edge) => element("li", {}, edgeText(edge))));
    const leaving = this.#edges.filter(({ source }) => source === at);
    this.#next.replaceChildren(
      element("p", {}, `From ${numberText(at)} go along`),
      ...leaving.map((edge) =>
        element(
          "button",
          { type: "button", onclick: () => this.#follow(edge) },
          `${numberText(edge.edge)} to ${numberText(edge.destination)}`,
        ),
      ),
    );
    this.#undo.disabled = this.#chosen.length === 0;
  }

  #follow(edge: Edge): void {
    this.#choose([...this.#chosen, edge]);
    this.#next.querySelector("button")?.focus(); // the button that was pressed is gone
  }
}

function edgeText({ source, edge, destination }: Edge): string {
  return `${numberText(source)} along ${numberText(edge)} to ${numberText(destination)}`;
}

function numberText(number: number): string {
  return String(number).padStart(3, "0");
}
