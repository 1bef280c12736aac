import { completeConfig, type SequenceConfig } from "../algorithmic/sequence-config.js";
import { assertBoolean, assertChoice, assertKeys } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { SequenceSteps } from "../facts.js";
import { type QuestionTask, withQuestions } from "../question-task.js";
import type { Random } from "../random.js";
import { shuffled } from "../shuffled.js";
import { DIGITS, encodeInput, encodeTriple, graphLabels, graphPhases, INPUTS, TRIPLE } from "./encoding.js";
import { assertPathSizes, type GraphSizesConfig, maxEdges, rangeText } from "./graph-sizes.js";
import { withNumbers } from "./named-graph.js";
import { groupBySource, sampleGraph, type Triple } from "./random-graph.js";
import { type GraphTask, graphReader } from "./read-graph.js";
import { recoverNames } from "./recover-names.js";
import { tripleRenderer } from "./render-triples.js";
import { assertTraversal, readTraversal, type TraversalQuestion } from "./traversal-question.js";
import { UNDERGROUND } from "./underground.js";

const SIZES = { minNodes: 3, maxNodes: 10, minDegree: 2, maxDegree: 4, minPath: 1, maxPath: 1 };
const GRAPHS = ["random", "underground"] as const;

const DEFAULTS = { ...SIZES, endMarker: true, graph: "random" as (typeof GRAPHS)[number] };

/** The triple after the last of an answer. */
const END: Triple = { source: 0, edge: 0, destination: 0 };

/**
 * Configuration of graph traversal: batch size, and sizes of graphs and paths. The defaults are those of the first lesson: 3 to 10
 * nodes, at least 2; out-degrees 2 to 4; paths of 1 edge.
 */
export type GraphTraversalConfig = Omit<SequenceConfig, "loss" | "groupSizes"> &
  GraphSizesConfig & {
    /** Whether the network ends its answer with the triple 000 000 000; default: true. */
    readonly endMarker?: boolean | undefined;
    /**
     * Which graphs: `random`; or `underground`, the stations of `UNDERGROUND` with new random numbers for stations and labels in each
     * sequence, which has sizes of its own. Default: `random`.
     */
    readonly graph?: "random" | "underground" | undefined;
  };

/**
 * Creates the task of graph traversal: read the edges of a graph, then a start and the labels of edges, and output the edges of that path.
 * The defaults are those of the first lesson.
 *
 *     const task = graphTraversal({ maxPath: 2 });
 *     const batch = task.sampleBatch(createRandom(1));
 *     console.log(task.render(batch));
 *
 * A sequence with a graph of e edges and a path of n:
 *
 *     t = 0 .. e - 1            input: the edges in random order: source, edge, destination
 *     t = e .. e + n - 1        input: the query: the start and the first edge, then the other edges, without nodes
 *     t = e + n .. e + 2n - 1   target: the edges of the path, each complete
 *     t = e + 2n                target: 000 000 000, with `endMarker`
 *
 * A label is three digits, each a 1 among ten channels. Input channel 90 is 1 at the first step of each of the three phases, channel 91
 * during the answer. The path is a random walk: nodes may be visited again.
 *
 * Source: Graves et al. 2016, Methods, "Graph task descriptions"; it does not define how an answer ends.
 *
 * Metric: exact match, the fraction of sequences in which the most probable digits are all right.
 *
 * @param config - See `GraphTraversalConfig`; every field has a default.
 * @returns A task with inputSize 92, targetSize 90 and loss `softmax` over nine digits, and all facts. Its `render` writes a line per time
 *   step, on the Underground with its names; its `readGraph` reads a sequence to draw it; its `encode` takes a `TraversalQuestion`.
 * @throws RangeError if a size is out of range, or the least of a range exceeds its greatest; TypeError if a value is of the wrong kind or a
 *   key is unknown.
 */
export function graphTraversal(config: GraphTraversalConfig = {}): GraphTask & QuestionTask<TraversalQuestion> {
  assertKeys("config", config, ["batchSize", "lengths", "timeAverage", "logProbInBits", ...Object.keys(DEFAULTS)]);
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  assertPathSizes(sizes);
  const { minNodes, maxNodes, minPath, maxPath, endMarker, graph } = sizes;
  assertBoolean("endMarker", endMarker);
  assertChoice("graph", graph, GRAPHS);
  const isRandom = graph === "random";
  const facts = {
    description: `${isRandom ? `${rangeText(minNodes, maxNodes)} nodes` : "the Underground"}, paths of ${rangeText(minPath, maxPath)}`,
    channelLabels: graphLabels,
    phases: (sequence: SequenceSteps) => graphPhases(sequence, ["query", "answer"]),
    maxTimeSteps: (isRandom ? maxEdges(sizes) : UNDERGROUND.edges.length) + 2 * maxPath + (endMarker ? 1 : 0),
    meanCountedSteps: (minPath + maxPath) / 2 + (endMarker ? 1 : 0),
  };
  const steps = ({ edges, path }: TraversalQuestion) => {
    const shown = edges.map((triple, at) => ({ input: encodeInput(triple, { starts: at === 0 }) }));
    const query = path.map(({ source, edge }, at) => ({
      input: at === 0 ? encodeInput({ source, edge }, { starts: true }) : encodeInput({ edge }),
    }));
    const answer = [...path, ...(endMarker ? [END] : [])].map((triple, at) => ({
      input: encodeInput({}, { starts: at === 0, answers: true }),
      target: encodeTriple(triple),
    }));
    return [...shown, ...query, ...answer];
  };
  const task = defineTask({
    name: "graph-traversal",
    inputSize: INPUTS,
    targetSize: TRIPLE,
    sampleSequence: (random) => {
      const edges = isRandom ? sampleGraph(random, sizes) : withNumbers(random, UNDERGROUND).triples;
      const path = sampleWalk(random, edges, random.integer(minPath, maxPath));
      return steps({ edges: shuffled(random, edges), path });
    },
    ...shared,
    loss: "softmax",
    groupSizes: DIGITS,
  });
  const naming = isRandom ? undefined : (edges: readonly Triple[]) => recoverNames(UNDERGROUND, edges);
  const readGraph = graphReader(naming);
  const asked = withQuestions<TraversalQuestion>(
    { ...task, ...facts },
    { steps, check: assertTraversal, read: readTraversal, lengths: shared.lengths },
  );
  return { ...asked, render: tripleRenderer(naming), readGraph };
}

/** Walks along random edges from a random node. */
function sampleWalk(random: Random, graph: readonly Triple[], length: number): readonly Triple[] {
  const bySource = groupBySource(graph);
  const sources = [...bySource.keys()];
  let node = sources[random.integer(0, sources.length - 1)] as number;
  return Array.from({ length }, () => {
    const edges = bySource.get(node) as readonly Triple[];
    const taken = edges[random.integer(0, edges.length - 1)] as Triple;
    node = taken.destination;
    return taken;
  });
}
