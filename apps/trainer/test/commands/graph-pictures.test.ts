/** Pictures of graphs with answers: what is right, wrong and missed in them. */

import { Dnc } from "@dnc/core";
import { graphPicture, sequenceGraph } from "@dnc/report";
import { createRandom, graphInference, graphTraversal, shortestPath } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { graphPictures } from "../../src/commands/graph-pictures.js";

const traversal = graphTraversal({ batchSize: 1, minNodes: 6, minPath: 3, maxPath: 3 });
const batch = traversal.sampleBatch(createRandom(4));
const counted = [...batch.mask].flatMap((counts, step) => (counts === 1 ? [step] : []));

/** Outputs that are right but for the digits of one answer, which are those of a triple. */
function outputWith(answer: number, triple: readonly number[]): Float32Array {
  const output = batch.targets.slice();
  const first = 90 * counted[answer];
  output.fill(0, first, first + 90);
  const digits = triple.flatMap((label) => [...String(label).padStart(3, "0")].map(Number));
  for (const [at, digit] of digits.entries()) output[first + 10 * at + digit] = 1;
  return output;
}

function drawn(output: Float32Array) {
  const graph = traversal.readGraph(batch, { output });
  const { picture, answer } = sequenceGraph(graph, graph.queries[0]);
  expect(graphPicture(picture)).toMatch(/^<svg /);
  const text = (index: number) => picture.nodes[index];
  const marked = picture.edges.filter(({ mark }) => mark !== undefined);
  const edges = marked.map(({ source, label, destination, mark }) => [
    [text(source), label, text(destination)].join(" "),
    mark,
  ]);
  return { edges: Object.fromEntries(edges), answer: answer.split("\n"), graph, picture };
}

const pad = (label: number) => String(label).padStart(3, "0");
const { walk } = traversal.readGraph(batch).queries[0];
const path = walk.map(({ source, edge, destination }) => [source, edge, destination].map(pad).join(" "));

describe("the picture of a path", () => {
  it("has every edge of the graph, and the path from its start", () => {
    const { edges, answer, graph, picture } = drawn(batch.targets);
    expect(picture.edges).toHaveLength(graph.edges.length);
    expect(picture.nodes[picture.start as number]).toBe(pad(walk[0].source));
    expect(edges).toEqual(Object.fromEntries(path.map((edge) => [edge, "right"])));
    expect(answer).toHaveLength(4);
    expect(answer.every((line) => line.endsWith("  right"))).toBe(true);
  });

  it("tells what is missed from what is in the answer instead", () => {
    const other = traversal
      .readGraph(batch)
      .edges.find(({ source, edge }) => !path.some((each) => each.startsWith(`${pad(source)} ${pad(edge)}`)));
    const wrong = [other?.source, other?.edge, other?.destination] as number[];
    const { edges, answer } = drawn(outputWith(1, wrong));
    expect(edges).toMatchObject({ [path[0]]: "right", [path[1]]: "missed", [wrong.map(pad).join(" ")]: "wrong" });
    expect(answer[1]).toBe(`${wrong.map(pad).join(", ")}  wrong, expected ${path[1].replaceAll(" ", ", ")}`);
  });

  it("draws an edge that the graph does not have if it has its nodes", () => {
    const { edges, picture, graph } = drawn(outputWith(0, [walk[0].source, 1, walk[0].source]));
    expect(edges).toMatchObject({ [`${pad(walk[0].source)} 001 ${pad(walk[0].source)}`]: "wrong" });
    expect(picture.edges).toHaveLength(graph.edges.length + 1);
    const nowhere = drawn(outputWith(0, [0, 1, walk[0].source]));
    expect(nowhere.picture.edges).toHaveLength(graph.edges.length);
  });
});

describe("the picture of a relation", () => {
  const task = graphInference({ batchSize: 1, graph: "family", minPath: 4, maxPath: 4 });
  const given = task.sampleBatch(createRandom(1));

  it("shows the walk that it stands for, with names", () => {
    const graph = task.readGraph(given, { output: given.targets });
    for (const query of graph.queries) {
      const { picture, caption, answer } = sequenceGraph(graph, query);
      expect(picture.edges.filter(({ mark }) => mark === "right").length).toBeGreaterThan(1);
      expect(caption).toMatch(/^From [A-Z][a-z]+: ((Mother|Father|Son1|Daughter1)(, )?){4}$/);
      expect(answer).toMatch(/ {2}right$/);
    }
  });
});

describe("the picture of a shortest path", () => {
  it("has start and goal, the moves of the network, and what would have been right", async () => {
    const task = shortestPath({ digits: 2, minNodes: 5, minPath: 2, maxPath: 3 });
    const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 3 });
    const graphs = (await graphPictures(network, task, createRandom(2))) ?? [];
    network.dispose();
    expect(graphs).toHaveLength(4);
    for (const { caption, picture, answer } of graphs) {
      const { nodes, start, goal, edges } = picture;
      expect(caption).toBe(`From ${nodes[start as number]} to ${nodes[goal as number]}`);
      expect(caption).toMatch(/^From \d\d to \d\d$/);
      expect(graphPicture(picture)).toContain('class="node goal"');
      const wrong = answer.split("\n").filter((line) => line.includes("  wrong, expected "));
      expect(edges.some(({ mark }) => mark === "wrong")).toBe(wrong.length > 0);
      expect(picture.title).toMatch(wrong.length > 0 ? /; wrong$/ : /; right$/);
    }
    expect(graphs.some(({ answer }) => answer.includes("wrong"))).toBe(true);
  });
});
