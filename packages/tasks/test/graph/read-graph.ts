/** Graph tasks read back from the channels of their batches, for tests. */
import { expect } from "vitest";
import type { Batch } from "../../src/index.js";

export type Labels = readonly (number | undefined)[];

/** Reads the labels of a triple from its channels: exactly one 1 for each digit, or none at all. */
export function labelsOf(values: Float32Array, start: number): Labels {
  return [0, 1, 2].map((part) => {
    const own = [...values.subarray(start + 30 * part, start + 30 * part + 30)];
    const ones = own.flatMap((value, at) => (value === 0 ? [] : [at]));
    if (ones.length === 0) return undefined;
    expect(ones.map((at) => Math.floor(at / 10))).toEqual([0, 1, 2]);
    expect(ones.every((at) => own[at] === 1)).toBe(true);
    return ones.reduce((label, at) => 10 * label + (at % 10), 0);
  });
}

/** A phase of a sequence: a row of labels for each step, of the target where one counts. */
export type PhaseRows = { readonly rows: readonly Labels[]; readonly isAnswer: boolean };

/** Reads the phases of a sequence of a batch, up to the last step with a target. */
export function readPhases({ timeSteps, batchSize, inputs, targets, mask }: Batch, sequence: number): PhaseRows[] {
  const phases: { rows: Labels[]; isAnswer: boolean }[] = [];
  const counts = Array.from({ length: timeSteps }, (_, step) => mask[step * batchSize + sequence] === 1);
  for (let step = 0; step <= counts.lastIndexOf(true); step++) {
    const row = step * batchSize + sequence;
    const [shown, target] = [labelsOf(inputs, 92 * row), labelsOf(targets, 90 * row)];
    const [starts, answers] = [inputs[92 * row + 90], inputs[92 * row + 91]];
    if (starts === 1) phases.push({ rows: [], isAnswer: answers === 1 });
    const { rows, isAnswer } = phases.at(-1) as (typeof phases)[number];
    expect([answers === 1, counts[step]]).toEqual([isAnswer, isAnswer]);
    expect((isAnswer ? shown : target).every((label) => label === undefined)).toBe(true);
    rows.push(isAnswer ? target : shown);
  }
  return phases;
}

/** Returns where each edge of a graph leads, by `source edge`; checks that a label is unique at its source. */
export function edgesOf(graph: readonly Labels[]): ReadonlyMap<string, number> {
  const edges = new Map(graph.map(([source, edge, destination]) => [`${source} ${edge}`, destination as number]));
  expect(edges.size).toBe(graph.length);
  return edges;
}
