/** The packages as a graph, drawn by Graphviz. */
import { instance } from "@viz-js/viz";
import { isOurs, KINDS, packagesAndNeeds } from "./relations.mjs";

/** Attributes of the graph. Its own background makes it readable on dark pages. The colours are those of dnc.svg. */
const GRAPH = { rankdir: "TB", bgcolor: "#ffffff", pad: "0.3", nodesep: "0.18", ranksep: "0.5", fontname: "Helvetica" };
const NODE = {
  shape: "box",
  style: "rounded,filled",
  fontname: "Helvetica",
  fontsize: 14,
  penwidth: 1.4,
  width: 0,
  margin: "0.14,0.06",
};
const OURS = { fillcolor: "#e8f2fa", color: "#2f6f9f" };
const TRAINER = { fillcolor: "#fdeedd", color: "#c07a28" };
const OTHERS = { fillcolor: "#f4f6f9", color: "#8a94a3" };

const EDGES = {
  dependency: { color: "#2f6f9f", penwidth: 1.6 },
  peer: { color: "#8a94a3", style: "dashed", arrowsize: 0.7 },
  "optional peer": { color: "#9a6bb5", style: "dotted", penwidth: 1.8, arrowsize: 0.8 },
  "optional dependency": { color: "#c07a28", style: "dotted", penwidth: 1.8, arrowsize: 0.8 },
};
const SIGNS = { dependency: "&#9473;&#9473;&#9473;", peer: "&#9476;&#9476;&#9476;" };
const DOTS = "&#183; &#183; &#183; &#183;";

/**
 * Draws the dependencies between the packages, and their TensorFlow.js peer dependencies. Other dependencies are only
 * in the table.
 *
 * @returns an SVG file.
 */
export async function packagesPicture() {
  const packages = packagesAndNeeds();
  const edges = packages.flatMap(({ name, needs }) =>
    needs.filter(isDrawn).map(({ kind, target }) => ({ tail: name, head: target, attributes: EDGES[kind] })),
  );
  const names = new Set(packages.map(({ name }) => name));
  const others = [...new Set(edges.map(({ head }) => head))].filter((name) => !names.has(name));
  const ours = packages.map(({ name, manifest }) => box(name, manifest.bin ? TRAINER : OURS));
  const viz = await instance();
  const graph = {
    graphAttributes: { ...GRAPH, label: { html: legend() }, labelloc: "b" },
    nodeAttributes: NODE,
    nodes: [...ours, ...others.map((name) => box(name, OTHERS))],
    edges,
    subgraphs: [{ graphAttributes: { rank: "sink" }, nodes: others.map((name) => ({ name })) }],
  };
  const svg = viz.renderString(graph, { format: "svg", engine: "dot" });
  const start = svg.indexOf("<svg "); // after a comment that names Graphviz's version
  return svg.slice(start).replace("<svg ", '<svg role="img" aria-label="Which package needs which" ');
}

/** Draws a package as a box, without its scope, which the colour shows. */
function box(name, attributes) {
  return { name, attributes: { ...attributes, label: name.replace(/^@\w+\//, "") } };
}

function isDrawn({ kind, target }) {
  return kind !== "dependency" || isOurs(target) || target.startsWith("@tensorflow/");
}

function legend() {
  const parts = KINDS.map((kind) => `<font color="${EDGES[kind].color}"><b>${SIGNS[kind] ?? DOTS}</b></font> ${kind}`);
  return `<br/>${parts.join(" &#160; &#160; ")}`;
}
