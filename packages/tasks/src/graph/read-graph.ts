import type { Batch } from "../batch.js";
import { decodeTriple, INPUTS, type PartialTriple, TRIPLE } from "./encoding.js";
import type { Triple } from "./random-graph.js";

/** A time step of a sequence of triples. */
export type TripleStep = {
  /** What is shown. */
  readonly input: PartialTriple;
  /** Whether a phase starts here. */
  readonly starts: boolean;
};

/** Reads a time step's input; `row` is its index in the batch. */
export function readStep({ inputs }: Pick<Batch, "inputs">, row: number): TripleStep {
  const at = row * INPUTS;
  return { input: decodeTriple(inputs, at), starts: inputs[at + TRIPLE] === 1 };
}

/** Reads the edges that a sequence shows: its first phase. */
export function shownGraph(batch: Batch, sequence: number): readonly Triple[] {
  const edges: Triple[] = [];
  for (let step = 0; step < batch.timeSteps; step++) {
    const { input, starts } = readStep(batch, step * batch.batchSize + sequence);
    if (starts && step > 0) break;
    edges.push(input as Triple);
  }
  return edges;
}
