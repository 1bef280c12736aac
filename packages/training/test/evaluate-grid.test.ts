import { copy, createRandom, defineTask } from "@dnc/tasks";
import { expect, it } from "vitest";
import { evaluate } from "../src/evaluate.js";
import { evaluateGrid, type GridProgress } from "../src/evaluate-grid.js";
import { smallNetwork } from "./support.js";

const exactly = (length: number) => copy({ numBits: 1, minLength: length, maxLength: length });

it("has in each cell what an evaluation of its task finds", async () => {
  const network = smallNetwork(3, exactly(1));
  const progress: GridProgress[] = [];
  const tasks = [[exactly(1), exactly(2)], [exactly(3)]];
  const options = { createRandom: () => createRandom(2), sequences: 30 };
  const scores = await evaluateGrid(network, tasks, { ...options, onCell: (each) => progress.push(each) });
  expect(scores.map(({ length }) => length)).toEqual([2, 1]);
  for (const [row, line] of tasks.entries())
    for (const [column, task] of line.entries())
      expect(scores[row][column]).toEqual(
        await evaluate(network, task, { random: createRandom(2), sequences: options.sequences }),
      );
  expect(scores[0][0].exactMatch).toBeGreaterThan(0);
  // 4, 6 and 8 time steps.
  const fractions = [4 / 18, 10 / 18, 1];
  expect(progress).toEqual(fractions.map((fraction, index) => ({ done: index + 1, cells: 3, fraction })));
});

it("counts cells where tasks do not say how long they are", async () => {
  const task = defineTask({ name: "one", inputSize: 3, targetSize: 1, sampleSequence: () => [{ target: [1] }] });
  const fractions: number[] = [];
  const onCell = ({ fraction }: GridProgress) => fractions.push(fraction);
  const network = smallNetwork(3, task);
  const [[score]] = await evaluateGrid(network, [[task, task]], { createRandom: () => createRandom(1), onCell });
  expect(score.sequences).toBe(task.batchSize);
  expect(fractions).toEqual([0.5, 1]);
  expect(await evaluateGrid(network, [], { createRandom: () => createRandom(1) })).toEqual([]);
});

it("says what is wrong", async () => {
  await expect(evaluateGrid(smallNetwork(), [], { random: createRandom(1) } as never)).rejects.toThrow(
    new TypeError('unknown option key "random"; expected one of createRandom, sequences, onCell'),
  );
});
