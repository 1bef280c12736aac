import type { Batch } from "./batch.js";
import { assertInteger } from "./checks.js";
import type { Task } from "./task.js";

/**
 * Names the part of a sequence that each time step belongs to, by the fact `phases` of its task.
 *
 *     const batch = task.sampleBatch(random, { batchSize: 1 });
 *     const names = phasesOf(task, batch); // ["start", "bits", "bits", "repeats", "output", ...]
 *
 * @param task - The task.
 * @param batch - A batch of the task.
 * @param sequence - Index of the sequence in the batch; default: 0.
 * @returns A name for each time step of the batch; undefined if the task does not name them.
 * @throws RangeError if there is no such sequence, or the task names another number of time steps; TypeError if it returns no
 *   names.
 */
export function phasesOf(
  { phases, inputSize }: Pick<Task, "phases" | "inputSize">,
  { timeSteps, batchSize, inputs, mask }: Batch,
  sequence = 0,
): readonly string[] | undefined {
  assertInteger("sequence", sequence, 0, batchSize - 1, `an integer from 0 to ${batchSize - 1}`);
  const rows = Array.from({ length: timeSteps }, (_, step) => step * batchSize + sequence);
  return phases?.({
    inputs: rows.map((row) => Array.from(inputs.subarray(row * inputSize, (row + 1) * inputSize))),
    counts: rows.map((row) => mask[row] > 0),
  });
}
