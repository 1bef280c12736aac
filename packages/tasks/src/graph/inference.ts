import { completeConfig, type SequenceConfig } from "../algorithmic/sequence-config.js";
import { assertChoice, assertInteger, assertKeys, assertPositiveInteger } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { SequenceSteps } from "../facts.js";
import type { Random } from "../random.js";
import type { Step } from "../sequence.js";
import { shuffled } from "../shuffled.js";
import { DIGITS, encodeInput, encodeTriple, graphLabels, graphPhases, INPUTS, TRIPLE } from "./encoding.js";
import { FAMILY_TREE, kinRelations } from "./family-tree.js";
import { assertPathSizes, type GraphSizesConfig, maxEdges, type PathSizes, rangeText } from "./graph-sizes.js";
import { withNumbers } from "./named-graph.js";
import { type PlantedGraph, plantQueries } from "./planted-queries.js";
import { sampleGraph, type Triple } from "./random-graph.js";
import { type GraphTask, graphReader } from "./read-graph.js";
import { type GraphNames, recoverNames } from "./recover-names.js";
import {
  EDGE_LABELS,
  inferenceRelations,
  MAX_RELATION,
  MIN_RELATION,
  RELATIONS_PER_LENGTH,
  type Relation,
} from "./relations.js";
import { tripleRenderer } from "./render-triples.js";

const GRAPHS = ["random", "family"] as const;

const DEFAULTS = {
  ...{ minNodes: 3, maxNodes: 3, minDegree: 2, maxDegree: 2, minPath: 2, maxPath: 2 },
  ...{ relations: RELATIONS_PER_LENGTH, queries: 3, planningSteps: 10 },
  graph: "random" as (typeof GRAPHS)[number],
};

/** Labels of edges in random graphs. */
const LABELS = Array.from({ length: EDGE_LABELS }, (_, label) => label);

/**
 * Configuration of inference: batch size, sizes of graphs, and relations. The sizes are at least 3 nodes and 2 edges that leave each, at
 * most 10; the defaults are those of the first lesson: 3 nodes with 2 edges each, relations of 2 edges.
 */
export type GraphInferenceConfig = Omit<SequenceConfig, "loss" | "groupSizes"> &
  GraphSizesConfig & {
    /** Number of relations of each length, the first of `inferenceRelations()`, from 1 to 100; default: 100. */
    readonly relations?: number | undefined;
    /** Number of queries per graph; default: 3. */
    readonly queries?: number | undefined;
    /** Number of steps without input between a query and its answer, 0 or more; default: 10. */
    readonly planningSteps?: number | undefined;
    /**
     * Which graphs: `random`; or `family`, the tree of `FAMILY_TREE` with new random numbers for its people in each sequence, which
     * has sizes of its own. There start and end of a relation are different people. Default: `random`.
     */
    readonly graph?: "random" | "family" | undefined;
  };

/**
 * Creates the task of inference: read the edges of a graph, then a start and a relation, which stands for a sequence of edges, and output
 * where they lead. Which edges a relation stands for is never shown: the network has to learn the table of relations.
 *
 *     const task = graphInference({ maxNodes: 5 });
 *     const batch = task.sampleBatch(createRandom(1));
 *     console.log(task.render(batch));
 *
 * A sequence with a graph of e edges, q queries and p planning steps:
 *
 *     t = 0 .. e - 1            input: the edges in random order: source, edge, destination
 *     then q times:
 *       1 step                  input: start and relation
 *       p steps                 no input
 *       1 step                  target: start, relation, end
 *
 * Labels of nodes are different integers from 1 to 999, those of edges from 0 to 9, those of relations from 10 on; each is three digits,
 * and each digit a 1 among ten channels. Input channel 90 is 1 at the first step of each phase, channel 91 at the answers. A random graph is drawn
 * like those of traversal, and labels are then changed where the walk of a query needs them.
 *
 * Source: Graves et al. 2016, Methods, "Graph task descriptions"; it does not say how a graph comes to have a relation.
 *
 * Metric: exact match, the fraction of sequences in which the most probable digits of all answers are right.
 *
 * @param config - See `GraphInferenceConfig`; every field has a default.
 * @returns A task with inputSize 92, targetSize 90 and loss `softmax` over nine digits, and all facts. Its `render` writes a line per time
 *   step, of the family tree with its names; its `readGraph` reads a sequence to draw it.
 * @throws RangeError if a size is out of range, the least of a range exceeds its greatest, or the family tree has none of the relations;
 *   TypeError if a value is of the wrong kind or a key is unknown.
 */
export function graphInference(config: GraphInferenceConfig = {}): GraphTask {
  assertKeys("config", config, ["batchSize", "lengths", "timeAverage", "logProbInBits", ...Object.keys(DEFAULTS)]);
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  assertSizes(sizes);
  const { minNodes, maxNodes, minPath, maxPath, queries, planningSteps, graph } = sizes;
  const relations = inferenceRelations().filter(
    ({ label, edges: { length } }) =>
      length >= minPath && length <= maxPath && (label - EDGE_LABELS) % RELATIONS_PER_LENGTH < sizes.relations,
  );
  const [on, edges, sample] =
    graph === "family"
      ? (["the family tree", FAMILY_TREE.edges.length, familySampler(relations, sizes)] as const)
      : ([`${rangeText(minNodes, maxNodes)} nodes`, maxEdges(sizes), randomSampler(relations, sizes)] as const);
  const phases = planningSteps === 0 ? ["query", "answer"] : ["query", "planning", "answer"];
  const facts = {
    description: `${on}, ${queries} of ${relations.length} relations of ${rangeText(minPath, maxPath)}`,
    channelLabels: graphLabels,
    phases: (sequence: SequenceSteps) => graphPhases(sequence, phases),
    maxTimeSteps: edges + queries * (2 + planningSteps),
    meanCountedSteps: queries,
  };
  const task = defineTask({
    name: "inference",
    inputSize: INPUTS,
    targetSize: TRIPLE,
    sampleSequence: (random) => {
      const planted = sample(random);
      const shown = shuffled(random, planted.graph).map((triple, at) => ({
        input: encodeInput(triple, { starts: at === 0 }),
      }));
      return [...shown, ...planted.queries.flatMap((query) => querySteps(query, planningSteps))];
    },
    ...shared,
    loss: "softmax",
    groupSizes: DIGITS,
  });
  const naming = graph === "family" ? familyNames : undefined;
  return { ...task, ...facts, render: tripleRenderer(naming), readGraph: graphReader(naming) };
}

type InferenceSizes = Omit<typeof DEFAULTS, "graph"> & PathSizes & { readonly graph: (typeof GRAPHS)[number] };

function assertSizes(sizes: InferenceSizes): void {
  const { maxDegree, minPath, maxPath, relations, queries, planningSteps, graph } = sizes;
  assertPathSizes(sizes, { nodes: 3, degree: 2 });
  assertInteger("maxDegree", maxDegree, 2, EDGE_LABELS, `an integer from 2 to ${EDGE_LABELS}, the number of labels`);
  const lengths = `an integer from ${MIN_RELATION} to ${MAX_RELATION}`;
  assertInteger("minPath", minPath, MIN_RELATION, MAX_RELATION, lengths);
  assertInteger("maxPath", maxPath, MIN_RELATION, MAX_RELATION, lengths);
  const relationCounts = `an integer from 1 to ${RELATIONS_PER_LENGTH}`;
  assertInteger("relations", relations, 1, RELATIONS_PER_LENGTH, relationCounts);
  assertPositiveInteger("queries", queries);
  assertInteger("planningSteps", planningSteps, 0, Number.MAX_SAFE_INTEGER, "an integer of at least 0");
  assertChoice("graph", graph, GRAPHS);
}

/** Returns a function that draws a random graph with queries. */
function randomSampler(relations: readonly Relation[], sizes: InferenceSizes): (random: Random) => PlantedGraph {
  return (random) => {
    for (;;) {
      const planted = plantQueries(random, sampleGraph(random, sizes, LABELS), relations, sizes.queries);
      if (planted) return planted;
    }
  };
}

/** Returns a function that draws numbers for the people of the family tree, and queries that it can answer. */
function familySampler(
  relations: readonly Relation[],
  { minPath, maxPath, queries }: InferenceSizes,
): (random: Random) => PlantedGraph {
  const labelOf = new Map(relations.map(({ edges, label }) => [edges.join(), label]));
  const known: { start: number; end: number; label: number }[] = [];
  for (let length = minPath; length <= maxPath; length++)
    for (const { start, labels, end } of kinRelations(length)) {
      const label = labelOf.get(labels.join());
      if (label !== undefined) known.push({ start, end, label });
    }
  if (known.length === 0)
    throw new RangeError(`relations: expected some that the family tree has, got ${relations.length} that it has not`);
  return (random) => {
    const { triples, nodes } = withNumbers(random, FAMILY_TREE, LABELS);
    const drawn = Array.from({ length: queries }, () => {
      const { start, end, label } = known[random.integer(0, known.length - 1)] as (typeof known)[number];
      return { source: nodes[start] as number, edge: label, destination: nodes[end] as number };
    });
    return { graph: triples, queries: drawn };
  };
}

/** Finds the names of people, and those of relations: `Mother Mother Son1`. */
function familyNames(triples: readonly Triple[]): GraphNames | undefined {
  const names = recoverNames(FAMILY_TREE, triples);
  if (!names) return undefined;
  const isKnown = (edge: number) => names.labels.has(edge);
  const relations = inferenceRelations().filter(({ edges }) => edges.every(isKnown));
  const composed = relations.map(
    ({ label, edges }) => [label, edges.map((edge) => names.labels.get(edge)).join(" ")] as const,
  );
  return { nodes: names.nodes, labels: new Map([...names.labels, ...composed]) };
}

/** The steps of a query: its row, those without input, and its answer. */
function querySteps(query: Triple, planningSteps: number): readonly Step[] {
  const { source, edge } = query;
  const planning = Array.from({ length: planningSteps }, (_, at) => ({ input: encodeInput({}, { starts: at === 0 }) }));
  return [
    { input: encodeInput({ source, edge }, { starts: true }) },
    ...planning,
    { input: encodeInput({}, { starts: true, answers: true }), target: encodeTriple(query) },
  ];
}
