import {
  assertBoolean,
  assertChoice,
  assertInteger,
  assertKeys,
  assertNumber,
  assertPositiveInteger,
  describe,
} from "../checks.js";
import type { EpisodeOptions, EpisodeTask } from "../episode-task.js";
import type { SequenceSteps, TaskFacts } from "../facts.js";
import { assertRandom, createRandom, type Random } from "../random.js";
import { graphLabels, graphPhases, tripleSize } from "./encoding.js";
import { assertPathSizes, type GraphSizesConfig, maxEdges, type PathSizes, rangeText } from "./graph-sizes.js";
import { withNumbers } from "./named-graph.js";
import { maxMoves, PathEpisode } from "./path-episode.js";
import { type PathEpisodes, pathEpisodes } from "./path-episodes.js";
import { assertPathsExist, type PathQuery, samplePathQuery } from "./path-query.js";
import { sampleGraph, type Triple } from "./random-graph.js";
import { recoverNames } from "./recover-names.js";
import { UNDERGROUND } from "./underground.js";

const GRAPHS = ["random", "underground"] as const;

const DEFAULTS = {
  ...{ minNodes: 5, maxNodes: 10, minDegree: 1, maxDegree: 2, minPath: 2, maxPath: 2 },
  ...{ batchSize: 16, digits: 3, planningSteps: 10 as number | "edges", plannerProbability: 0.8 },
  graph: "random" as (typeof GRAPHS)[number],
};

/** Largest seed of an episode's generator. */
const MAX_SEED = 2 ** 32 - 1;

/**
 * Configuration of shortest path: batch size, sizes of graphs and paths, and who decides. The defaults are those of the first lesson: 5 to
 * 10 nodes, out-degrees 1 to 2, paths of 2 edges.
 */
export type ShortestPathConfig = GraphSizesConfig & {
  /** Number of episodes in a batch; default: 16. */
  readonly batchSize?: number | undefined;
  /** Number of digits of a label, from 1 to 3: fewer make inputs and outputs narrower, and allow fewer nodes; default: 3. */
  readonly digits?: number | undefined;
  /** Number of steps without input between query and answer, 0 or more, or `edges`: as many as the graph has edges; default: 10. */
  readonly planningSteps?: number | "edges" | undefined;
  /** In training, the probability that a move is the planner's instead of the network's, from 0 to 1; default: 0.8. */
  readonly plannerProbability?: number | undefined;
  /**
   * Which graphs: `random`; or `underground`, the stations of `UNDERGROUND` with new random numbers for stations and labels in each
   * episode, which has sizes of its own and labels of 3 digits. Default: `random`.
   */
  readonly graph?: "random" | "underground" | undefined;
};

/** Shortest path as a task of episodes whose graphs can be read. */
export type ShortestPath = Omit<EpisodeTask, "startEpisodes"> &
  TaskFacts & {
    /**
     * Starts a batch of episodes, as every `EpisodeTask` does.
     *
     * @param random - Source of every random decision; it advances during this call only.
     * @param options - `batchSize`: number of episodes; default: the task's. `training`: whether the planner moves along; default: false.
     * @returns Episodes before their first time step.
     * @throws As `EpisodeTask.startEpisodes`.
     */
    startEpisodes(random: Random, options?: EpisodeOptions): PathEpisodes;
  };

/**
 * Creates the task of shortest path: read the edges of a graph, then a start and a goal, and walk there edge by edge, each chosen by the
 * network's output and given back to it as its next input.
 *
 *     const task = shortestPath({ digits: 2, maxNodes: 6 });
 *     const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 1 });
 *     await train({ network, task, iterations: 1000 });
 *
 * An episode with a graph of e edges and p planning steps:
 *
 *     t = 0 .. e - 1       input: the edges in random order: source, edge, destination
 *     t = e                input: the query: start and goal, without an edge
 *     t = e + 1 .. e + p   no input
 *     t = e + p + 1        no input; the first move
 *     then                 input: the edge that was taken; the next move
 *
 * Labels are digits, each a 1 among ten channels; the last two input channels are 1 at the first step of each phase, and during the answer.
 * Graphs are drawn like those of traversal until one has a path of the wanted length. The probability of an edge is the product of the
 * probabilities of its digits, divided by the sum over the edges that leave the current node. Loss of a move: minus the logarithm of the
 * probability of the planner's edge, the first that was shown of those that begin a shortest path. In training a move is the planner's with probability
 * `plannerProbability`, otherwise the network's most probable edge; elsewhere always the latter. An episode ends at the goal, where no path
 * leads to it any more, or after 2 n + 2 moves for a shortest path of n.
 *
 * Source: Graves et al. 2016, Methods, "Graph task descriptions" and "Training"; Ross et al. 2011 (DAgger). How start and goal are
 * drawn, and when an episode ends early, they do not say. Planning steps that grow with the graph: arXiv:2406.02187.
 *
 * Metric: exact match, the fraction of episodes in which every edge that the network preferred begins a shortest path, which where it alone
 * decides is the fraction of shortest paths. A decision is a move from a node that more than one edge leaves. Other metrics: `within one step`, the fraction at the
 * goal after at most one move more than needed; `random edges`, the probability that random edges would have been a shortest path.
 *
 * @param config - See `ShortestPathConfig`; every field has a default.
 * @returns A task of episodes with targetSize 30 per digit, inputSize two more, and all facts.
 * @throws RangeError if a size is out of range, the least of a range exceeds its greatest, or graphs of these sizes have no such paths;
 *   TypeError if a value is of the wrong kind or a key is unknown.
 */
export function shortestPath(config: ShortestPathConfig = {}): ShortestPath {
  const complete = completed(config);
  const { batchSize, digits, planningSteps, plannerProbability, graph, ...sizes } = complete;
  const isRandom = graph === "random";
  const sample = isRandom ? randomGraphs(complete) : undergroundGraph;
  assertPathsExist(createRandom(1), sample, sizes);
  const naming = isRandom ? undefined : (edges: readonly Triple[]) => recoverNames(UNDERGROUND, edges);
  const edges = isRandom ? maxEdges(sizes) : UNDERGROUND.edges.length;
  const phases = planningSteps === 0 ? ["query", "answer"] : ["query", "planning", "answer"];
  return {
    name: "shortest-path",
    inputSize: tripleSize(digits) + 2,
    targetSize: tripleSize(digits),
    batchSize,
    metrics: ["within one step", "random edges"],
    description: `${isRandom ? `${rangeText(sizes.minNodes, sizes.maxNodes)} nodes` : "the Underground"}, shortest paths of ${rangeText(sizes.minPath, sizes.maxPath)}`,
    channelLabels: () => graphLabels(digits),
    phases: (sequence: SequenceSteps) => graphPhases(sequence, phases),
    maxTimeSteps: edges + 1 + (planningSteps === "edges" ? edges : planningSteps) + maxMoves(sizes.maxPath),
    meanCountedSteps: (sizes.minPath + sizes.maxPath) / 2,
    startEpisodes: (random, options: EpisodeOptions = {}) => {
      assertRandom(random);
      assertKeys("option", options, ["batchSize", "training"]);
      const { batchSize: length = batchSize, training = false } = options;
      assertPositiveInteger("batchSize", length);
      assertBoolean("training", training);
      const episodes = Array.from({ length }, () => {
        const query = samplePathQuery(random, sample, random.integer(sizes.minPath, sizes.maxPath)) as PathQuery;
        const own = createRandom(random.integer(0, MAX_SEED));
        return new PathEpisode(query, own, training ? plannerProbability : 0);
      });
      return pathEpisodes(episodes, { digits, planningSteps, naming });
    },
  };
}

type CompleteConfig = Omit<typeof DEFAULTS, "graph"> & PathSizes & { readonly graph: (typeof GRAPHS)[number] };

/** Fills in the defaults. Throws a TypeError or RangeError unless the configuration is valid. */
function completed(config: ShortestPathConfig): CompleteConfig {
  assertKeys("config", config, Object.keys(DEFAULTS));
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const complete: CompleteConfig = { ...DEFAULTS, ...Object.fromEntries(given) };
  const { batchSize, digits, planningSteps, plannerProbability, graph } = complete;
  assertPositiveInteger("batchSize", batchSize);
  assertChoice("graph", graph, GRAPHS);
  assertPathSizes(complete);
  assertInteger("digits", digits, 1, 3, "an integer from 1 to 3");
  if (graph === "underground" && digits !== DEFAULTS.digits)
    throw new RangeError(`digits: expected ${DEFAULTS.digits} on the Underground, got ${digits}`);
  const most = 10 ** digits - 1;
  assertInteger("maxNodes", complete.maxNodes, 2, most, `at most ${most} nodes with labels of ${digits} digits`);
  const { maxNodes, maxPath } = complete;
  if (graph === "random" && maxPath >= maxNodes)
    throw new RangeError(`maxPath: expected less than maxNodes (${maxNodes}), got ${maxPath}`);
  if (planningSteps !== "edges") {
    const expected = 'an integer of at least 0 or "edges"';
    if (typeof planningSteps !== "number")
      throw new TypeError(`planningSteps: expected ${expected}, got ${describe(planningSteps)}`);
    assertInteger("planningSteps", planningSteps, 0, Number.MAX_SAFE_INTEGER, expected);
  }
  assertNumber("plannerProbability", plannerProbability, "a number from 0 to 1");
  if (!(plannerProbability >= 0 && plannerProbability <= 1))
    throw new RangeError(`plannerProbability: expected a number from 0 to 1, got ${plannerProbability}`);
  return complete;
}

/** Returns a function that samples random graphs, whose labels have a number of digits. */
function randomGraphs({ digits, ...sizes }: CompleteConfig): (random: Random) => readonly Triple[] {
  const { minNodes, maxNodes, minDegree, maxDegree } = sizes;
  const graphSizes = { minNodes, maxNodes, minDegree, maxDegree, labels: 10 ** digits };
  return (random) => sampleGraph(random, graphSizes);
}

function undergroundGraph(random: Random): readonly Triple[] {
  return withNumbers(random, UNDERGROUND).triples;
}
