import { assertTargets, type Batch } from "../batch.js";
import { assertFloatsOfShape, assertInteger, assertKeys } from "../checks.js";
import type { TaskFacts } from "../facts.js";
import type { Task } from "../task.js";
import { decodeTriple, INPUTS, type PartialTriple, TRIPLE } from "./encoding.js";
import type { Triple } from "./random-graph.js";
import type { GraphNames } from "./recover-names.js";
import { EDGE_LABELS, inferenceRelations } from "./relations.js";

/** A step of an answer. */
export type GraphAnswer = {
  /** What is right. */
  readonly target: Triple;
  /** What was predicted, if that is known. */
  readonly output?: PartialTriple | undefined;
};

/** A query of a graph's sequence. */
export type GraphQuery = {
  /** The edges of the walk that is asked for: of a path, or those that a relation stands for; of a shortest path, the moves that are right. */
  readonly walk: readonly Triple[];
  /** The node where the walk is to end, if the query names it instead of the edges. */
  readonly goal?: number | undefined;
  /** The answer, step by step. */
  readonly answer: readonly GraphAnswer[];
};

/** A sequence of a graph task, read from its channels. */
export type GraphSequence = {
  /** The edges that the sequence shows, in its order. */
  readonly edges: readonly Triple[];
  /** What is asked, in order. */
  readonly queries: readonly GraphQuery[];
  /** Number of digits of a label; default: 3. */
  readonly digits?: number | undefined;
  /** Names of nodes and labels, if the graph is known. */
  readonly names?: GraphNames | undefined;
};

/** Which sequence `GraphTask.readGraph` reads, and with what output. */
export type ReadGraphOptions = {
  /** Index of the sequence in the batch; default: 0. */
  readonly sequence?: number | undefined;
  /** `[timeSteps, batchSize, 90]`: outputs, of which the largest of ten is a digit; default: none. */
  readonly output?: Float32Array | undefined;
};

/** A task on graphs. */
export type GraphTask = Task &
  TaskFacts & {
    /**
     * Reads the graph and the queries of a sequence, to draw them.
     *
     * @param batch - A batch of the task.
     * @param options - See `ReadGraphOptions`.
     * @returns Plain data.
     * @throws RangeError if the lengths do not fit each other, or there is no such sequence; TypeError if something is of the wrong
     *   kind or an option is unknown.
     */
    readGraph(batch: Batch, options?: ReadGraphOptions): GraphSequence;
  };

/** Finds names for the numbers of a sequence from the edges that it shows; undefined if there are none. */
export type Naming = (graph: readonly Triple[]) => GraphNames | undefined;

/** Creates a task's `readGraph`. */
export function graphReader(naming?: Naming): GraphTask["readGraph"] {
  return (batch, options = {}) => {
    assertKeys("option", options, ["sequence", "output"]);
    const { sequence = 0, output } = options;
    assertGraphBatch(batch, output);
    assertInteger("sequence", sequence, 0, batch.batchSize - 1, `an integer from 0 to ${batch.batchSize - 1}`);
    const edges = shownGraph(batch, sequence);
    const names = naming?.(edges);
    return { edges, queries: queriesOf(batch, sequence, output, edges), ...(names && { names }) };
  };
}

/** @throws RangeError or TypeError if a batch is not one of a graph task, or the outputs are not its. */
export function assertGraphBatch(batch: Batch, output: Float32Array | undefined): void {
  assertTargets(batch, TRIPLE);
  const { timeSteps, batchSize, inputs } = batch;
  assertFloatsOfShape("inputs", inputs, [timeSteps, batchSize, INPUTS]);
  if (output !== undefined) assertFloatsOfShape("output", output, [timeSteps, batchSize, TRIPLE]);
}

/** Reads the edges that a sequence shows: its first phase. */
export function shownGraph({ timeSteps, batchSize, inputs }: Batch, sequence: number): readonly Triple[] {
  const edges: Triple[] = [];
  for (let step = 0; step < timeSteps; step++) {
    const at = (step * batchSize + sequence) * INPUTS;
    if (step > 0 && startsPhase(inputs, at)) break;
    edges.push(decodeTriple(inputs, at) as Triple);
  }
  return edges;
}

function startsPhase(inputs: Float32Array, at: number): boolean {
  return inputs[at + TRIPLE] === 1;
}

/** Reads the answers; each phase in which steps count is one. */
function queriesOf(
  { timeSteps, batchSize, inputs, targets, mask }: Batch,
  sequence: number,
  output: Float32Array | undefined,
  edges: readonly Triple[],
): readonly GraphQuery[] {
  const destinations = new Map(edges.map(({ source, edge, destination }) => [`${source} ${edge}`, destination]));
  const answers: GraphAnswer[][] = [];
  for (let step = 0; step < timeSteps; step++) {
    const row = step * batchSize + sequence;
    if (mask[row] !== 1) continue;
    if (startsPhase(inputs, row * INPUTS)) answers.push([]);
    const predicted = output && { output: decodeTriple(output, row * TRIPLE) };
    answers.at(-1)?.push({ target: decodeTriple(targets, row * TRIPLE) as Triple, ...predicted });
  }
  return answers.map((answer) => ({
    answer,
    walk: answer.flatMap(({ target }) => walkOf(target, destinations)),
  }));
}

/** Returns the edges that a target stands for: itself, those of its relation, or none. */
function walkOf({ source, edge, destination }: Triple, destinations: ReadonlyMap<string, number>): readonly Triple[] {
  const isEdge = destinations.get(`${source} ${edge}`) === destination;
  const labels = isEdge ? [edge] : (inferenceRelations()[edge - EDGE_LABELS]?.edges ?? []);
  let node: number | undefined = source;
  const walk: Triple[] = [];
  for (const label of labels) {
    const to = destinations.get(`${node} ${label}`);
    if (node === undefined || to === undefined) return [];
    walk.push({ source: node, edge: label, destination: to });
    node = to;
  }
  return node === destination ? walk : [];
}
