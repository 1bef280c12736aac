import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxesOf } from "../../src/graph/boxes.js";
import { graphPicture } from "../../src/graph/graph-picture.js";
import { layOut } from "../../src/graph/layout.js";
import type { GraphPicture } from "../../src/graph/picture-types.js";
import { HOSTILE, unclosed } from "../markup.js";

const graph: GraphPicture = {
  title: "A graph",
  nodes: ["one", "two", "three"],
  edges: [
    { source: 0, destination: 1, label: "right edge", mark: "right" },
    { source: 1, destination: 0, label: "back" },
    { source: 1, destination: 2, label: "missed edge", mark: "missed" },
    { source: 1, destination: 2, label: "parallel", mark: "wrong" },
    { source: 2, destination: 2, label: "loop" },
  ],
  start: 0,
};

/** Lists the paths and labels of a kind, in the order in which they are drawn. */
const drawn = (svg: string, kind: string) =>
  [...svg.matchAll(/<g class="([a-z]+)"><path class="line" d="([^"]+)"/g)].flatMap(([, name, path]) =>
    name === kind ? [path] : [],
  );

describe("the picture of a graph", () => {
  it("is a self-contained SVG file with every node and edge, and a legend of the marks that occur", () => {
    const svg = graphPicture(graph);
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="graph-picture" width="640" height="546"/,
    );
    expect(unclosed(svg)).toEqual([]);
    for (const text of ["one", "two", "three", "right edge", "back", "missed edge", "parallel", "loop"])
      expect(svg).toContain(`>${text}</text>`);
    expect(["right", "missed", "wrong", "edge"].map((kind) => drawn(svg, kind).length)).toEqual([1, 1, 1, 2]);
    expect(svg.match(/class="legend/g)).toHaveLength(3);
    expect(svg.match(/class="node start"/g)).toHaveLength(1);
    expect(graphPicture({ ...graph, edges: [] })).toContain('height="480"');
    expect(graphPicture(graph)).toBe(svg);
  });

  it("draws every edge on its own line, and what is marked above the others", () => {
    const svg = graphPicture(graph);
    const paths = ["edge", "missed", "wrong", "right"].flatMap((kind) => drawn(svg, kind));
    expect(new Set(paths).size).toBe(5);
    const order = [...svg.matchAll(/<g class="(\w+)"><path class="line"/g)].map(([, kind]) => kind);
    expect(order).toEqual(["edge", "edge", "missed", "wrong", "right"]);
  });

  it("begins and ends arrows at the boxes of their nodes", () => {
    const size = { width: 640, height: 480 };
    const boxes = boxesOf(graph, size);
    const [path] = drawn(graphPicture(graph), "right");
    const [x, y] = (path.match(/^M([\d.]+) ([\d.]+)Q/) as string[]).slice(1).map(Number);
    const { halfWidth, halfHeight, ...centre } = boxes[0];
    const [dx, dy] = [Math.abs(x - centre.x) - halfWidth, Math.abs(y - centre.y) - halfHeight];
    expect(Math.abs(Math.max(dx, dy) - 2)).toBeLessThan(0.2); // 2 pixels outside of the box
  });

  it("labels only marked edges where there are many", () => {
    const edges = Array.from({ length: 61 }, (_, at) => ({ source: 0, destination: 1, label: `edge ${at}` }));
    const svg = graphPicture({ ...graph, edges: [...edges.slice(1), { ...edges[0], mark: "right" }] });
    expect(svg.match(/class="label"/g)).toHaveLength(1);
    expect(svg).toContain(">edge 0</text>");
  });

  it("escapes what comes from the graph, and applies its style to nothing else", () => {
    const edges = [{ source: 0, destination: 0, label: HOSTILE }];
    const svg = graphPicture({ title: HOSTILE, nodes: [HOSTILE], edges });
    expect(unclosed(svg)).toEqual([]);
    expect(svg).not.toContain("<script");
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(svg) ?? [];
    for (const [selectors] of style.matchAll(/[^{}\n]+(?=\{)/g))
      for (const selector of selectors.split(",")) expect(selector).toMatch(/^\.graph-picture/);
  });

  it.each<[object, string]>([
    [{ nodes: [] }, "nodes: expected at least one, got none"],
    [{ start: 3 }, "start: expected an index from 0 to 2, got 3"],
    [{ edges: [{ source: -1, destination: 0, label: "" }] }, "edges[0].source: expected an index from 0 to 2, got -1"],
    [{ edges: [{ source: 0, destination: 0.5, label: "" }] }, "edges[0].destination: expected an index from 0 to 2"],
    [
      { edges: [{ source: 0, destination: 0, label: "", mark: "good" }] },
      "edges[0].mark: expected one of missed, wrong, right, got good",
    ],
    [{ places: [{ x: 0, y: 0 }] }, "places: expected one for each of 3 nodes, got 1"],
    [{ places: new Array(3).fill({ x: 0, y: 2 }) }, "places[0]: expected x and y from 0 to 1, got 0 and 2"],
    [{ width: 10 }, "width: expected"],
  ])("refuses %o", (change, message) => {
    expect(() => graphPicture({ ...graph, ...change })).toThrow(message);
  });
});

const graphs = fc.integer({ min: 1, max: 30 }).chain((count) =>
  fc.tuple(
    fc.constant(count),
    fc.array(fc.tuple(fc.integer({ min: 0, max: count - 1 }), fc.integer({ min: 0, max: count - 1 })), {
      maxLength: 3 * count,
    }),
  ),
);

describe("the places of nodes", () => {
  it("are finite, from 0 to 1, and use the whole range", () => {
    fc.assert(
      fc.property(graphs, ([count, edges]) => {
        const places = layOut(count, edges);
        for (const axis of ["x", "y"] as const) {
          const all = places.map((place) => place[axis]);
          expect(all.every((value) => value >= 0 && value <= 1)).toBe(true);
          if (count > 2) expect([Math.min(...all), Math.max(...all)]).toEqual([0, 1]);
        }
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it("are close to each other where there is an edge", () => {
    // Two circles of five with one edge between them.
    const circle = (first: number) => [0, 1, 2, 3, 4].map((at) => [first + at, first + ((at + 1) % 5)] as const);
    const edges = [...circle(0), ...circle(5), [0, 5] as const];
    const places = layOut(10, edges);
    const distance = (a: number, b: number) => Math.hypot(places[a].x - places[b].x, places[a].y - places[b].y);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const across = [1, 2, 3, 4].flatMap((a) => [6, 7, 8, 9].map((b) => distance(a, b)));
    expect(mean(edges.map(([a, b]) => distance(a, b)))).toBeLessThan(0.6 * mean(across));
  });

  it("leave room for every name", () => {
    const nodes = Array.from({ length: 26 }, (_, at) => `station ${at}`);
    const edges = nodes.map((_, at) => ({ source: at, destination: (7 * at + 3) % 26, label: "" }));
    const boxes = boxesOf({ nodes, edges }, { width: 900, height: 600 });
    boxes.forEach((a, at) => {
      for (const b of boxes.slice(at + 1)) {
        const apart =
          Math.abs(a.x - b.x) >= a.halfWidth + b.halfWidth || Math.abs(a.y - b.y) >= a.halfHeight + b.halfHeight;
        expect(apart).toBe(true);
      }
      expect([a.x > a.halfWidth, a.x < 900 - a.halfWidth, a.y > 12, a.y < 588]).toEqual([true, true, true, true]);
    });
  });
});
