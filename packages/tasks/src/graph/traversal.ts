import { completeConfig, type SequenceConfig } from "../algorithmic/sequence-config.js";
import { assertTargets, type Batch } from "../batch.js";
import { assertBoolean, assertFloatsOfShape, assertInteger, assertKeys, assertPositiveInteger } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { SequenceSteps, TaskFacts } from "../facts.js";
import type { Random } from "../random.js";
import type { RenderOptions, Task } from "../task.js";
import { DIGITS, encodeInput, encodeTriple, INPUTS, TRIPLE, tripleLabels, tripleText } from "./encoding.js";
import { LABELS, sampleGraph, shuffled, type Triple } from "./random-graph.js";

const DEFAULTS = { minNodes: 3, maxNodes: 10, minDegree: 2, maxDegree: 4, minPath: 1, maxPath: 1, endMarker: true };

/** The triple after the last of an answer. */
const END: Triple = { source: 0, edge: 0, destination: 0 };

/** Configuration of graph traversal: batch size, and sizes of graphs and paths. */
export type GraphTraversalConfig = Omit<SequenceConfig, "loss" | "groupSizes"> & {
  /** Number of nodes of the smallest graph, at least 2; default: 3. */
  readonly minNodes?: number | undefined;
  /** Number of nodes of the largest graph, at most 999; default: 10. */
  readonly maxNodes?: number | undefined;
  /** Number of edges that leave a node, at least; no more than there are other nodes; default: 2. */
  readonly minDegree?: number | undefined;
  /** Number of edges that leave a node, at most; default: 4. */
  readonly maxDegree?: number | undefined;
  /** Number of edges of the shortest path; default: 1. */
  readonly minPath?: number | undefined;
  /** Number of edges of the longest path; default: 1. */
  readonly maxPath?: number | undefined;
  /** Whether the network ends its answer with the triple 000 000 000; default: true. */
  readonly endMarker?: boolean | undefined;
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
 *   step.
 * @throws RangeError if a size is out of range, or the least of a range exceeds its greatest; TypeError if a value is of the wrong kind or a
 *   key is unknown.
 */
export function graphTraversal(config: GraphTraversalConfig = {}): Task & TaskFacts {
  assertKeys("config", config, ["batchSize", "lengths", "timeAverage", "logProbInBits", ...Object.keys(DEFAULTS)]);
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  assertSizes(sizes);
  const { minNodes, maxNodes, maxDegree, minPath, maxPath, endMarker } = sizes;
  const facts = {
    description: `${minNodes}-${maxNodes} nodes, paths of ${minPath === maxPath ? "" : `${minPath}-`}${maxPath}`,
    channelLabels: () => ({ inputs: [...tripleLabels(), "start of phase", "answer"], targets: tripleLabels() }),
    phases: phasesOf,
    maxTimeSteps: maxNodes * Math.min(maxDegree, maxNodes - 1) + 2 * maxPath + (endMarker ? 1 : 0),
    meanCountedSteps: (minPath + maxPath) / 2 + (endMarker ? 1 : 0),
  };
  const task = defineTask({
    name: "graph-traversal",
    inputSize: INPUTS,
    targetSize: TRIPLE,
    sampleSequence: (random) => {
      const graph = sampleGraph(random, sizes);
      const path = sampleWalk(random, graph, random.integer(minPath, maxPath));
      const shown = shuffled(random, graph).map((triple, at) => ({ input: encodeInput(triple, { starts: at === 0 }) }));
      const query = path.map(({ source, edge }, at) => ({
        input: at === 0 ? encodeInput({ source, edge }, { starts: true }) : encodeInput({ edge }),
      }));
      const answer = [...path, ...(endMarker ? [END] : [])].map((triple, at) => ({
        input: encodeInput({}, { starts: at === 0, answers: true }),
        target: encodeTriple(triple),
      }));
      return [...shown, ...query, ...answer];
    },
    ...shared,
    loss: "softmax",
    groupSizes: DIGITS,
  });
  return { ...task, ...facts, render: renderTriples };
}

function assertSizes(sizes: typeof DEFAULTS): void {
  const { minNodes, maxNodes, minDegree, maxDegree, minPath, maxPath, endMarker } = sizes;
  assertInteger("minNodes", minNodes, 2, LABELS - 1, `an integer from 2 to ${LABELS - 1}`);
  assertInteger("maxNodes", maxNodes, 2, LABELS - 1, `an integer from 2 to ${LABELS - 1}`);
  for (const name of ["minDegree", "maxDegree", "minPath", "maxPath"] as const)
    assertPositiveInteger(name, sizes[name]);
  for (const [low, high, min, max] of [
    ["minNodes", "maxNodes", minNodes, maxNodes],
    ["minDegree", "maxDegree", minDegree, maxDegree],
    ["minPath", "maxPath", minPath, maxPath],
  ] as const)
    if (min > max) throw new RangeError(`${low}: expected at most ${high} (${max}), got ${min}`);
  assertBoolean("endMarker", endMarker);
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

function groupBySource(graph: readonly Triple[]): ReadonlyMap<number, readonly Triple[]> {
  const groups = new Map<number, Triple[]>();
  for (const triple of graph) groups.set(triple.source, [...(groups.get(triple.source) ?? []), triple]);
  return groups;
}

/** Names the phases by the channel that is 1 where one starts. */
function phasesOf({ inputs }: SequenceSteps): readonly string[] {
  let phase = 0;
  return inputs.map((input, step) => {
    if (step > 0 && input[TRIPLE] === 1) phase++;
    return ["graph", "query", "answer"][phase] ?? "answer";
  });
}

/** Renders a batch: a line per time step with the labels of the input, and of target and output where one counts. */
function renderTriples(batch: Batch, output?: Float32Array, options: RenderOptions = {}): string {
  assertKeys("option", options, ["wholeBatch"]);
  const { wholeBatch = false } = options;
  assertBoolean("wholeBatch", wholeBatch);
  assertTargets(batch, TRIPLE);
  const { timeSteps, batchSize, inputs, targets, mask } = batch;
  assertFloatsOfShape("inputs", inputs, [timeSteps, batchSize, INPUTS]);
  if (output !== undefined) assertFloatsOfShape("output", output, [timeSteps, batchSize, TRIPLE]);
  const sequences = Array.from({ length: wholeBatch ? batchSize : 1 }, (_, sequence) =>
    Array.from({ length: timeSteps }, (_, step) => {
      const row = step * batchSize + sequence;
      const isUsed = inputs.subarray(row * INPUTS, (row + 1) * INPUTS).some((value) => value !== 0);
      if (!isUsed) return undefined;
      const shown = tripleText(inputs, row * INPUTS);
      if (mask[row] === 0) return shown;
      const target = tripleText(targets, row * TRIPLE);
      if (output === undefined) return `${shown}  target ${target}`;
      const found = tripleText(output, row * TRIPLE);
      return `${shown}  target ${target}  output ${found}${found === target ? "" : "  wrong"}`;
    })
      .filter((line) => line !== undefined)
      .join("\n"),
  );
  return `\n${sequences.join("\n\n\n\n")}`;
}
