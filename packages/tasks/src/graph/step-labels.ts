import { assertTargets, type Batch } from "../batch.js";
import { assertInteger } from "../checks.js";
import { TRIPLE, tripleText } from "./encoding.js";
import type { GraphSequence } from "./read-graph.js";

/**
 * Says which edge each time step of a sequence of `graphTraversal` or `graphInference` is about: the edge that is shown, then the edge or
 * relation that is to be answered. Other steps, such as those of queries, have none.
 *
 *     const labels = graphStepLabels(task.readGraph(batch), batch); // ["123 045 678", ..., "", "123 045 678"]
 *
 * @param graph - The sequence, from `readGraph`.
 * @param batch - The batch that it was read from.
 * @param sequence - Index of the sequence in the batch; default: 0.
 * @returns A text for each time step of the batch, with names where the graph has them; empty where there is no edge.
 * @throws RangeError if there is no such sequence, or the batch is not one of a graph task.
 */
export function graphStepLabels(
  { edges, queries, names }: GraphSequence,
  batch: Batch,
  sequence = 0,
): readonly string[] {
  assertTargets(batch, TRIPLE);
  const { timeSteps, batchSize, mask } = batch;
  assertInteger("sequence", sequence, 0, batchSize - 1, `an integer from 0 to ${batchSize - 1}`);
  const answers = queries.flatMap(({ answer }) => answer);
  let answered = 0;
  return Array.from({ length: timeSteps }, (_, step) => {
    const counts = mask[step * batchSize + sequence] === 1;
    const triple = counts ? answers[answered++]?.target : edges[step];
    return triple === undefined ? "" : tripleText(triple, names);
  });
}
