import type { Dnc } from "@dnc/core";
import { type AccuracyMap, sampleEvenly } from "@dnc/report";
import { type EvaluateGridOptions, evaluateGrid } from "@dnc/training";
import type { TaskConfig } from "../configs.js";
import { createTask } from "../model/create-network.js";
import { evaluationRandom } from "../model/evaluation.js";

/** Most rows or columns of a map. */
const MAX_SIZES = 16;

/**
 * Selects the sizes of a map: all from 1 to `max`, or if these are too many, some of them at even distances.
 *
 * @param required - sizes that are always selected, unless they are above `max`.
 */
export function selectSizes(max: number, required: readonly number[]): readonly number[] {
  const all = Array.from({ length: max }, (_, index) => index + 1);
  const selected = [...sampleEvenly(all, MAX_SIZES), ...required.filter((size) => size <= max)];
  return [...new Set(selected)].sort((a, b) => a - b);
}

/**
 * Evaluates a network on sequences of each size. The sequences of a cell depend only on the seed and the size.
 *
 * @param task - the largest sizes of the map; its batch size is the number of sequences evaluated at a time.
 * @param trained - the task that the network was trained on.
 * @param options - seed and number of the sequences in a cell, and a callback after each cell.
 */
export async function measureMap(
  network: Dnc,
  task: TaskConfig,
  trained: TaskConfig,
  { seed, sequences, onCell }: Pick<EvaluateGridOptions, "onCell"> & { seed: number; sequences: number },
): Promise<AccuracyMap> {
  const { minLength, maxLength, minRepeats, maxRepeats } = trained;
  const lengths = selectSizes(task.maxLength, [minLength, maxLength]);
  const repeats = task.name === "repeat-copy" ? selectSizes(task.maxRepeats, [minRepeats, maxRepeats]) : undefined;
  const exactly = (length: number, times: number) =>
    createTask({ ...task, minLength: length, maxLength: length, minRepeats: times, maxRepeats: times });
  const tasks = (repeats ?? [1]).map((times) => lengths.map((length) => exactly(length, times)));
  const scores = await evaluateGrid(network, tasks, { createRandom: () => evaluationRandom(seed), sequences, onCell });
  return {
    columns: { name: "length", sizes: lengths, trained: [minLength, maxLength] },
    rows: repeats && { name: "repeats", sizes: repeats, trained: [minRepeats, maxRepeats] },
    exactMatch: scores.map((row) => row.map(({ exactMatch }) => exactMatch / sequences)),
    sequences,
  };
}
