import type { Dnc } from "@dnc/core";
import type { AccuracyMap } from "@dnc/report";
import { evaluate } from "@dnc/training";
import type { TaskConfig } from "../configs.js";
import { createTask } from "../model/create-network.js";
import { evaluationRandom } from "../model/evaluation.js";
import { longestBatch } from "../model/sizes.js";

/** Most rows or columns: the map shows how far a network generalizes, not every size. */
const MAX_SIZES = 16;

/** The sizes of a map. */
export interface MapSizes {
  readonly lengths: readonly number[];
  /** Undefined for a task that repeats nothing. */
  readonly repeats: readonly number[] | undefined;
}

/**
 * Selects the sizes of a map: all from 1 to `max`, or where these are too many, some of them at even distances.
 *
 * @param required - sizes that are always selected, unless they are above `max`.
 */
export function selectSizes(max: number, required: readonly number[]): readonly number[] {
  if (max <= MAX_SIZES) return Array.from({ length: max }, (_, index) => index + 1);
  const even = Array.from({ length: MAX_SIZES }, (_, index) => 1 + Math.round((index * (max - 1)) / (MAX_SIZES - 1)));
  return [...new Set([...even, ...required.filter((size) => size <= max)])].sort((a, b) => a - b);
}

/**
 * Evaluates a network on sequences of each size. The sequences of a cell depend only on the seed and the size.
 *
 * @param task - the run's; its batch size is the number of sequences evaluated at a time.
 * @param trained - the task that the network was trained on.
 * @param onCell - called after each cell with the fraction of the work that is done, and a description of it.
 */
export async function measureMap(
  network: Dnc,
  task: TaskConfig,
  trained: TaskConfig,
  { lengths, repeats, sequences, seed }: MapSizes & { readonly sequences: number; readonly seed: number },
  onCell: (fraction: number, state: string) => void = () => {},
): Promise<AccuracyMap> {
  const exactMatch: number[][] = [];
  // The time of a cell is in proportion to the length of its sequences.
  const steps = (length: number, times: number) => longestBatch({ ...task, maxLength: length, maxRepeats: times });
  const all = (repeats ?? [1]).flatMap((times) => lengths.map((length) => steps(length, times)));
  const total = all.reduce((sum, count) => sum + count, 0);
  let [cells, done] = [0, 0];
  for (const times of repeats ?? [1]) {
    const row: number[] = [];
    for (const length of lengths) {
      const exact = { minLength: length, maxLength: length, minRepeats: times, maxRepeats: times };
      const random = evaluationRandom(seed);
      const score = await evaluate(network, createTask({ ...task, ...exact }), { random, sequences });
      row.push(score.exactMatch / score.sequences);
      done += steps(length, times);
      cells += 1;
      onCell(done / total, `${cells} of ${all.length} cells`);
    }
    exactMatch.push(row);
  }
  const columns = { name: "length", sizes: lengths, trained: [trained.minLength, trained.maxLength] } as const;
  const rows =
    repeats && ({ name: "repeats", sizes: repeats, trained: [trained.minRepeats, trained.maxRepeats] } as const);
  return { columns, rows, exactMatch, sequences };
}
