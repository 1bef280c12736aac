/**
 * Draws the graphs of the paper's tests for the documentation: `node tools/graphs.mjs` writes docs/guide/underground.svg, with a
 * traversal, and docs/guide/family-tree.svg, with the maternal great-uncle.
 */
import "./node-version.mjs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./pnpm.mjs";

/** Where the stations are, in thousandths of a degree: east of 0.2 degrees west, and north of 51.49 degrees. */
const STATIONS = {
  "Notting Hill Gate": [4, 19],
  "Earl's Court": [6, 1.5],
  "Gloucester Rd": [17, 4.2],
  Paddington: [24, 26],
  "South Kensington": [26, 4],
  "Baker St": [43, 33],
  "Bond St": [51, 24],
  Victoria: [56, 6],
  "Green Park": [57, 16.7],
  "Oxford Circus": [58.5, 25],
  "Warren St": [62, 34.6],
  "Piccadilly Circus": [66, 20],
  Euston: [67, 38.5],
  "Tottenham Ct Rd": [69.5, 26.5],
  "Leicester Sq": [72, 22.5],
  "Charing Cross": [74, 17.5],
  Westminster: [75, 10.8],
  "King's Cross": [76, 40.2],
  Embankment: [79, 16],
  Holborn: [80, 27.3],
  Waterloo: [86, 13],
  "Elephant & Castle": [100, 5],
  Bank: [111, 23],
  Moorgate: [111.5, 28.5],
  "London Bridge": [114, 15],
  "Liverpool St": [118, 32],
};

/** Generations of the family, and how far each person is from the left. */
const GENERATIONS = [
  { Ben: 2.6, Ada: 4.4 },
  { Eli: 0.9, Cora: 2.6, Dov: 4.6, Kim: 6.1 },
  { Quy: 0, Gus: 1, Hal: 2.4, Fay: 3.5, Leo: 4.7, Mia: 5.8, Uri: 6.9 },
  { Tia: 0.5, Jon: 1.9, Ivy: 3, Ned: 4.1, Sue: 5.6, Rob: 6.7 },
  { Vic: 0.5, Oda: 2.9, Pip: 4 },
];

/** A walk of seven edges, as in the paper's test. */
const TRAVERSAL = {
  start: "Victoria",
  labels: [
    ...["Victoria N", "Victoria N", "Central E", "Central E", "Piccadilly E"],
    ...["Northern (Bank) S", "Northern (Bank) S"],
  ],
};
const GREAT_UNCLE = { start: "Oda", labels: ["Mother", "Mother", "Mother", "Son1"] };

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { setUp } = await import("./setup.mjs");
  await setUp();
  for (const [file, picture] of Object.entries(await graphPictures()))
    writeFileSync(join(root, "docs", "guide", file), picture);
}

/** @returns {Promise<Record<string, string>>} the pictures by the names of their files. */
export async function graphPictures() {
  const { FAMILY_TREE, UNDERGROUND } = await import("@dnc/tasks");
  const { graphPicture } = await import("../packages/report/dist/index.js");
  const stations = UNDERGROUND.nodes.map((name) => STATIONS[name]);
  const family = FAMILY_TREE.nodes.map((name) => {
    const row = GENERATIONS.findIndex((people) => name in people);
    return [GENERATIONS[row][name], -row];
  });
  const draw = (title, graph, places, walk, size) =>
    onPaper(graphPicture({ title, ...pictureOf(graph, walk), places: fitted(places), ...size }));
  return {
    "underground.svg": draw(
      "The Underground's interchange stations, and a walk of seven edges from Victoria to Bank",
      UNDERGROUND,
      stations,
      TRAVERSAL,
      { width: 1240, height: 760 },
    ),
    "family-tree.svg": draw(
      "A family tree; Mother, Mother, Mother, Son1 leads from Oda to Gus, her maternal great-uncle",
      FAMILY_TREE,
      family,
      GREAT_UNCLE,
      { width: 1040, height: 560 },
    ),
  };
}

/** Marks the edges of a walk. */
function pictureOf({ nodes, labels, edges }, walk) {
  const marked = new Set();
  let node = nodes.indexOf(walk.start);
  for (const label of walk.labels) {
    const at = edges.findIndex(([source, own]) => source === node && labels[own] === label);
    if (at < 0) throw new Error(`expected an edge ${label} at ${nodes[node]}, got none`);
    marked.add(at);
    node = edges[at][2];
  }
  return {
    nodes,
    start: nodes.indexOf(walk.start),
    edges: edges.map(([source, label, destination], at) => ({
      ...{ source, destination, label: labels[label] },
      ...(marked.has(at) ? { mark: "right" } : {}),
    })),
  };
}

/** Stretches places to the range from 0 to 1; north is up. */
function fitted(places) {
  const scale = (values) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return values.map((value) => (value - low) / (high - low));
  };
  const [x, y] = [0, 1].map((axis) => scale(places.map((place) => place[axis])));
  return places.map((_, at) => ({ x: x[at], y: 1 - y[at] }));
}

/** Puts a picture on white paper, for pages of any colour; it has no legend, which the text is. */
function onPaper(svg) {
  const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/);
  const paper = `<rect width="${width}" height="${height}" rx="10" fill="#fff" stroke="#dde1e3"/>`;
  return svg
    .replace("</style>\n", `</style>\n${paper}\n`)
    .replace('class="graph-picture"', 'class="graph-picture" color="#1b2126"');
}
