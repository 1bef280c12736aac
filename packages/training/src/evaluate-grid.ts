import type { NestedState, RecurrentCell } from "@dnc/core";
import type { Random, Score, Task } from "@dnc/tasks";
import { checkKeys } from "./checks.js";
import { evaluate } from "./evaluate.js";

/** Progress of `evaluateGrid`. */
export type GridProgress = {
  /** Number of cells that are done. */
  readonly done: number;
  /** Number of all cells. */
  readonly cells: number;
  /** Fraction of the work that is done, in (0, 1]. A cell counts as much as its `maxTimeSteps`, if all tasks have one. */
  readonly fraction: number;
};

/** On which sequences to evaluate each cell. */
export type EvaluateGridOptions = {
  /** Returns the generator of a cell's sequences; called once for each cell. The same state makes cells comparable. */
  readonly createRandom: () => Random;
  /** Number of sequences in each cell; default: one batch of its task. */
  readonly sequences?: number | undefined;
  /**
   * Called after each cell.
   *
   * @param progress - How much is done.
   */
  readonly onCell?: ((progress: GridProgress) => void) | undefined;
};

/**
 * Evaluates a network on a grid of tasks, such as sequences of several sizes: how far it generalizes.
 *
 *     const lengths = [1, 2, 4, 8];
 *     const tasks = [lengths.map((length) => copy({ minLength: length, maxLength: length }))];
 *     const [scores] = await evaluateGrid(network, tasks, { createRandom: () => createRandom(2), sequences: 100 });
 *     scores.forEach(({ exactMatch }, index) => console.log("length", lengths[index], "exact match", exactMatch / 100));
 *
 * @typeParam State - What the network carries from step to step.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`.
 * @param tasks - `[row][column]`: the task of each cell. Rows may differ in length.
 * @param options - `createRandom`, `sequences` and `onCell`.
 * @returns `[row][column]`: sums over the sequences of each cell, as `evaluate` returns them.
 * @throws As `evaluate`.
 */
export async function evaluateGrid<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  tasks: readonly (readonly Task[])[],
  options: EvaluateGridOptions,
): Promise<Score[][]> {
  checkKeys("option", options, ["createRandom", "sequences", "onCell"]);
  const { createRandom, sequences, onCell } = options;
  const all = tasks.flat();
  const isKnown = all.every(({ maxTimeSteps }) => maxTimeSteps !== undefined);
  const work = (task: Task) => (isKnown ? (task.maxTimeSteps as number) : 1);
  const total = all.reduce((sum, task) => sum + work(task), 0);
  let [done, worked] = [0, 0];
  const scores: Score[][] = [];
  for (const row of tasks) {
    const line: Score[] = [];
    for (const task of row) {
      line.push(await evaluate(network, task, { random: createRandom(), sequences }));
      done += 1;
      worked += work(task);
      onCell?.({ done, cells: all.length, fraction: worked / total });
    }
    scores.push(line);
  }
  return scores;
}
