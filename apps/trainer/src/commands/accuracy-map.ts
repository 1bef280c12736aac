import type { Dnc, LstmNetwork } from "@dnc/core";
import { type AccuracyMap, type SizeAxis, sampleEvenly } from "@dnc/report";
import { createTask, type TaskConfig, type TaskSizes } from "@dnc/settings";
import { isEpisodeTask, type Task } from "@dnc/tasks";
import { type EvaluateGridOptions, evaluateGrid } from "@dnc/training";
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
 * @returns the map; undefined if the task has no lengths, or their largest is not known.
 */
export async function measureMap(
  network: Dnc | LstmNetwork,
  task: TaskConfig,
  trained: TaskConfig,
  { seed, sequences, onCell }: Pick<EvaluateGridOptions, "onCell"> & { seed: number; sequences: number },
): Promise<AccuracyMap | undefined> {
  const lengths = axisOf("length", task, trained);
  const repeats = axisOf("repeats", task, trained);
  if (!lengths) return undefined;
  const tasks: Task[][] = [];
  for (const times of repeats?.sizes ?? [undefined]) {
    const row = lengths.sizes.map((length) =>
      createTask({ ...task, minLength: length, maxLength: length, minRepeats: times, maxRepeats: times }),
    );
    tasks.push((await Promise.all(row)).flatMap((each) => (isEpisodeTask(each) ? [] : [each])));
  }
  const scores = await evaluateGrid(network, tasks, { createRandom: () => evaluationRandom(seed), sequences, onCell });
  return {
    columns: lengths,
    rows: repeats,
    exactMatch: scores.map((row) => row.map(({ exactMatch }) => exactMatch / sequences)),
    sequences,
  };
}

/** The names of the bounds of a size. */
const BOUNDS = { length: ["minLength", "maxLength"], repeats: ["minRepeats", "maxRepeats"] } as const;

/** Creates an axis of the map; undefined if the task does not have that size, or its largest is not known. */
function axisOf(name: keyof typeof BOUNDS, task: TaskConfig, trained: TaskSizes): SizeAxis | undefined {
  const bounds = BOUNDS[name];
  const max = task[bounds[1]];
  if (max === undefined || !bounds.every((bound) => task.source.sizes.includes(bound))) return undefined;
  const [low, high] = bounds.map((bound) => trained[bound]);
  if (low === undefined || high === undefined) return { name, sizes: selectSizes(max, []) };
  return { name, sizes: selectSizes(max, [low, high]), trained: [low, high] };
}
