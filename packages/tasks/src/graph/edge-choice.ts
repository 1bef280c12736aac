/** A network's distribution over edges: its digits, restricted to the triples that leave a node. */
import { tripleChannels } from "./encoding.js";
import type { Triple } from "./random-graph.js";

/** Logits of a triple, one row of a network's outputs. */
export type TripleLogits = {
  /** All outputs. */
  readonly values: Float32Array;
  /** Index of the row's first number. */
  readonly start: number;
  /** Number of digits of a label. */
  readonly digits: number;
};

/**
 * Computes the logarithms of the probabilities of edges: each probability is the product of the probabilities of its digits, divided by the sum over the edges. The
 * normalizers of the digits cancel, so that the logits of an edge's digits add up to its own.
 *
 * @param edges - those that leave a node, at least one.
 * @returns one number of at most 0 for each edge, finite where the logits are; NaN if a logit is.
 */
export function edgeLogProbabilities(
  { values, start, digits }: TripleLogits,
  edges: readonly Triple[],
): readonly number[] {
  const scores = edges.map((edge) =>
    tripleChannels(edge, digits).reduce((sum, channel) => sum + (values[start + channel] as number), 0),
  );
  const largest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
  return scores.map((score) => score - largest - Math.log(total));
}

/**
 * Adds the gradient of minus the logarithm of an edge's probability to the gradient of the outputs.
 *
 * @param logProbabilities - of the edges.
 * @param wanted - index of the edge that should be chosen.
 * @param gradient - of the outputs; the row's part changes.
 */
export function addChoiceGradient(
  { start, digits }: Pick<TripleLogits, "start" | "digits">,
  edges: readonly Triple[],
  logProbabilities: readonly number[],
  wanted: number,
  gradient: Float32Array,
): void {
  edges.forEach((edge, index) => {
    const slope = Math.exp(logProbabilities[index] as number) - (index === wanted ? 1 : 0);
    for (const channel of tripleChannels(edge, digits)) {
      const at = start + channel;
      gradient[at] = (gradient[at] as number) + slope;
    }
  });
}
