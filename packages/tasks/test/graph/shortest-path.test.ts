/** Shortest path against its definition: episodes are read back from their inputs, and distances computed by another algorithm. */
import { describe, expect, it } from "vitest";
import { distancesTo } from "../../src/graph/distances.js";
import { sampleGraph } from "../../src/graph/random-graph.js";
import { createRandom, type ShortestPathConfig, scoreEpisodes, shortestPath } from "../../src/index.js";
import { allDistances, follow, leaving, phasesOf, planner } from "./path-network.js";

const MINI = { digits: 2, minNodes: 4, maxNodes: 6, minPath: 2, maxPath: 3, planningSteps: 5 } as const;

it.each([1, 2, 3, 4])("breadth-first search finds the distances of Floyd and Warshall, seed %i", (seed) => {
  const random = createRandom(seed);
  for (let count = 0; count < 20; count++) {
    const graph = sampleGraph(random, { minNodes: 2, maxNodes: 12, minDegree: 1, maxDegree: 3 });
    const distance = allDistances(graph.map(({ source, edge, destination }) => [source, edge, destination]));
    const nodes = [...new Set(graph.map(({ source }) => source))];
    for (const goal of nodes) {
      const found = distancesTo(graph, goal);
      for (const node of nodes) expect(found.get(node) ?? Number.POSITIVE_INFINITY).toBe(distance(node, goal));
    }
  }
});

describe.each<[string, ShortestPathConfig]>([
  ["the first lesson", {}],
  ["the small one", MINI],
  ["the last lesson", { minNodes: 20, maxNodes: 25, minDegree: 2, maxDegree: 6, maxPath: 5, planningSteps: "edges" }],
  ["one digit, no planning", { ...MINI, digits: 1, planningSteps: 0, minPath: 1 }],
  ["the Underground", { graph: "underground", minPath: 4, maxPath: 4, batchSize: 3 }],
])("shortest path, %s", (_, config) => {
  const { digits = 3, minPath = 2, maxPath = 2, planningSteps = 10, batchSize = 16 } = config;
  const task = shortestPath(config);

  it.each([1, 2, 3])("asks for paths on the graph that it shows, which a planner finds, seed %i", (seed) => {
    const episodes = task.startEpisodes(createRandom(seed));
    const seen = follow(episodes, digits, planner());
    expect(seen).toHaveLength(batchSize);
    for (const own of seen) {
      const { graph, start, goal, planning, taken } = phasesOf(own);
      const length = allDistances(graph)(start, goal);
      expect([length >= minPath, length <= maxPath]).toEqual([true, true]);
      expect(planning).toEqual(
        new Array(planningSteps === "edges" ? graph.length : planningSteps).fill([undefined, undefined, undefined]),
      );
      // The last edge is taken, but not shown: the episode has ended.
      expect(taken).toHaveLength(length - 1);
      expect(own.starts.filter(Boolean)).toHaveLength(planning.length === 0 ? 3 : 4);
      expect(own.rows.length).toBeLessThanOrEqual(task.maxTimeSteps);
      const labels = graph.flat();
      expect([Math.min(...labels) >= 1, Math.max(...labels) < 10 ** digits]).toEqual([true, true]);
    }
    const { sequences, exactMatch, wrongBits, metrics } = scoreEpisodes(episodes.results());
    expect([exactMatch, wrongBits, metrics?.["within one step"]]).toEqual([sequences, 0, sequences]);
    expect(Object.keys(metrics ?? {})).toEqual(task.metrics);
  });

  it("is the same for the same seed, in batches of any size", () => {
    const run = (sizes: readonly number[]) => {
      const random = createRandom(6);
      return sizes.flatMap((size) => {
        const episodes = task.startEpisodes(random, { batchSize: size, training: true });
        follow(episodes, digits, planner(true));
        return episodes.render({ wholeBatch: true }).trim().split("\n\n\n\n");
      });
    };
    expect(run([5])).toEqual(run([2, 3]));
    expect(new Set(run([5])).size).toBe(5);
  });
});

describe("the loss of shortest path", () => {
  const task = shortestPath({ ...MINI, plannerProbability: 1, batchSize: 4 });
  const width = task.targetSize;

  /** Runs the same episodes, of which the planner makes the moves, with given outputs in all answer steps. */
  function lossesOf(outputs: Float32Array) {
    const episodes = task.startEpisodes(createRandom(3), { training: true });
    let at = 0;
    for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs()) {
      const size = next.timeSteps * 4 * width;
      episodes.respond(outputs.slice(at, at + size));
      at += size;
    }
    return { ...episodes.results(), size: at };
  }
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const random = createRandom(8);
  const outputs = Float32Array.from({ length: 200 * 4 * width }, () => random.integer(-1000, 1000) / 500);

  it("has the gradient of its central differences, 0 outside of the answer", () => {
    const { gradients, size } = lossesOf(outputs);
    expect(gradients).toHaveLength(size);
    const wanted = Array.from(gradients.keys()).filter((at) => gradients[at] !== 0 || at % 97 === 0);
    expect(wanted.filter((at) => gradients[at] !== 0).length).toBeGreaterThan(40);
    for (const at of wanted) {
      const moved = (offset: number) => {
        const changed = outputs.slice();
        changed[at] = (changed[at] as number) + offset;
        return sum(lossesOf(changed).losses);
      };
      const difference = (moved(1 / 64) - moved(-1 / 64)) * 32;
      expect(Math.abs(difference - (gradients[at] as number))).toBeLessThan(1e-3);
    }
  });

  it("is the logarithm of the edges' number for outputs that are all the same", () => {
    const episodes = task.startEpisodes(createRandom(3), { training: true });
    const seen = follow(episodes, 2, () => []);
    const { losses } = episodes.results();
    seen.forEach((own, index) => {
      const { graph, start, taken } = phasesOf(own);
      const nodes = [start, ...taken.map((edge) => edge[2])];
      const expected = nodes.map((node) => Math.log(graph.filter(([source]) => source === node).length));
      expect(losses[index]).toBeCloseTo(expected.reduce((total, value) => total + value));
    });
  });

  it("is NaN for outputs that are, and the episodes still end", () => {
    const own = shortestPath(MINI).startEpisodes(createRandom(1));
    for (let next = own.nextInputs(); next !== undefined; next = own.nextInputs())
      own.respond(new Float32Array(next.timeSteps * 16 * width).fill(Number.NaN));
    expect(Array.from(own.results().losses).every(Number.isNaN)).toBe(true);
    expect(own.results().gradients.some(Number.isNaN)).toBe(true);
  });
});

describe("who decides", () => {
  const task = shortestPath({ ...MINI, batchSize: 2000 });

  it("is the network alone, unless it is trained", () => {
    const episodes = task.startEpisodes(createRandom(2));
    const chosen = new Map<number, number[][]>();
    const seen = follow(episodes, 2, (own, episode) => {
      const edge = planner(true)(own, episode) as number[];
      chosen.set(episode, [...(chosen.get(episode) ?? []), edge]);
      return edge;
    });
    const { exactMatch } = episodes.results();
    seen.forEach((own, index) => {
      const { graph, start, goal, taken } = phasesOf(own);
      const all = chosen.get(index) as number[][];
      expect(taken).toEqual(all.slice(0, -1));
      const distance = allDistances(graph);
      const [length, end] = [distance(start, goal), all.at(-1)?.[2] as number];
      expect(exactMatch[index]).toBe(end === goal && all.length === length ? 1 : 0);
      if (end === goal) return;
      if (distance(end, goal) === Number.POSITIVE_INFINITY) expect(all.length).toBeLessThanOrEqual(2 * length + 2);
      else expect(all).toHaveLength(2 * length + 2);
    });
    const succeeded = exactMatch.reduce((total, value) => total + value, 0);
    expect([succeeded > 0, succeeded < 1000]).toEqual([true, true]); // some graphs have no choice
  });

  it("is the planner in eight of ten moves of a training", () => {
    const episodes = task.startEpisodes(createRandom(2), { training: true });
    let [planned, differ] = [0, 0];
    const last: ({ planners: number; network: number } | undefined)[] = [];
    // A move after which the episode has ended is not shown, so that only moves count which neither of them would make the last.
    follow(episodes, 2, (own, episode) => {
      const previous = last[episode];
      const taken = phasesOf(own).taken.at(-1)?.[2];
      if (previous && previous.planners !== previous.network) {
        differ++;
        if (taken === previous.planners) planned++;
      }
      const [planners, network] = [planner(), planner(true)].map((policy) => policy(own, episode)[2] as number);
      const { graph, goal } = leaving(own);
      const isLast = planners === goal || allDistances(graph)(network as number, goal) === Number.POSITIVE_INFINITY;
      last[episode] = isLast ? undefined : { planners: planners as number, network: network as number };
      return planner(true)(own, episode);
    });
    expect(differ).toBeGreaterThan(300);
    expect(Math.abs(planned / differ - 0.8)).toBeLessThan(0.04);
  });

  it("would reach the goal by random edges as often as the metric says", () => {
    const episodes = task.startEpisodes(createRandom(4));
    const random = createRandom(5);
    follow(episodes, 2, (own) => {
      const { edges } = leaving(own);
      return edges[random.integer(0, edges.length - 1)] as number[];
    });
    const { exactMatch, metrics, sequences } = scoreEpisodes(episodes.results());
    const [found, expected] = [exactMatch / sequences, (metrics?.["random edges"] as number) / sequences];
    expect(expected).toBeGreaterThan(0.3);
    expect(Math.abs(found - expected)).toBeLessThan(0.04);
  });

  it("counts decisions where there is a choice", () => {
    const episodes = task.startEpisodes(createRandom(7), { batchSize: 50 });
    const seen = follow(episodes, 2, planner());
    const { decisions } = episodes.results();
    seen.forEach((own, index) => {
      const { graph, start, taken } = phasesOf(own);
      const nodes = [start, ...taken.map((edge) => edge[2])];
      const choices = nodes.filter((node) => graph.filter(([source]) => source === node).length > 1);
      expect(decisions[index]).toBe(choices.length);
    });
  });
});
