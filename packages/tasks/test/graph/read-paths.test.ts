/** The graphs of shortest path, read from episodes to be drawn. */
import { describe, expect, it } from "vitest";
import { createRandom, shortestPath } from "../../src/index.js";
import { allDistances, follow, type Policy, phasesOf, planner } from "./path-network.js";

const MINI = { digits: 2, minNodes: 5, maxNodes: 8, minPath: 2, maxPath: 3, maxDegree: 3 } as const;

/** Reads what a policy has done, with what it saw. */
function walked(seed: number, policy: Policy) {
  const episodes = shortestPath(MINI).startEpisodes(createRandom(seed));
  const seen = follow(episodes, MINI.digits, policy);
  return { graphs: episodes.readGraphs(), phases: seen.map(phasesOf), results: episodes.results() };
}

describe("the graphs of shortest path", () => {
  it.each([1, 2, 3])("are those that were shown, with the moves of a planner, all right, seed %i", (seed) => {
    const { graphs, phases } = walked(seed, planner());
    for (const [at, { edges, queries, digits }] of graphs.entries()) {
      const { graph, start, goal, taken } = phases[at] as ReturnType<typeof phasesOf>;
      expect(digits).toBe(2);
      expect(edges.map(({ source, edge, destination }) => [source, edge, destination])).toEqual(graph);
      const [query] = queries;
      expect([queries.length, query?.goal, query?.walk[0]?.source]).toEqual([1, goal, start]);
      expect(query?.walk.at(-1)?.destination).toBe(goal);
      const moves = query?.walk.map(({ source, edge, destination }) => [source, edge, destination]);
      expect(moves?.slice(0, -1)).toEqual(taken);
      for (const { target, output } of query?.answer ?? []) expect(output).toEqual(target);
    }
  });

  it.each([4, 5, 6])("have what was taken as output, and an edge of a shortest path as target, seed %i", (seed) => {
    const { graphs, phases, results } = walked(seed, planner(true));
    let wrong = 0;
    for (const [at, { queries }] of graphs.entries()) {
      const { graph, goal } = phases[at] as ReturnType<typeof phasesOf>;
      const distance = allDistances(graph);
      const answer = queries[0]?.answer ?? [];
      for (const { target, output } of answer) {
        expect(distance(target.destination, goal)).toBe(distance(target.source, goal) - 1);
        expect(output?.source).toBe(target.source);
        const isRight = distance(output?.destination as number, goal) === distance(target.source, goal) - 1;
        expect(output?.edge === target.edge).toBe(isRight);
        if (!isRight) wrong++;
      }
      expect(answer.every(({ target, output }) => target.edge === output?.edge)).toBe(results.exactMatch[at] === 1);
    }
    expect(wrong).toBe(results.wrongDecisions.reduce((sum, count) => sum + count, 0));
    expect(wrong).toBeGreaterThan(5);
  });

  it("have names on the Underground", () => {
    const task = shortestPath({ graph: "underground", batchSize: 1 });
    const episodes = task.startEpisodes(createRandom(1));
    const [before] = episodes.readGraphs();
    expect(before?.queries[0]?.walk).toEqual([]);
    follow(episodes, 3, planner());
    const [graph] = episodes.readGraphs();
    expect(graph?.names?.nodes.get(graph.queries[0]?.goal as number)).toMatch(/^[A-Z]/);
  });
});
