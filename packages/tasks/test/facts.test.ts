import { describe, expect, it } from "vitest";
import { copy } from "../src/algorithmic/copy.js";
import { repeatCopy } from "../src/algorithmic/repeat-copy.js";
import { defineTask } from "../src/define-task.js";
import type { SequenceSteps } from "../src/facts.js";
import { guessingLoss } from "../src/guessing-loss.js";
import { meanLoss } from "../src/loss.js";
import { phasesOf } from "../src/phases-of.js";
import { createRandom } from "../src/random.js";

const TASKS = [
  ["repeat copy", repeatCopy],
  ["repeat copy of long patterns", () => repeatCopy({ maxLength: 7, numBits: 8, minRepeats: 2, maxRepeats: 5 })],
  ["repeat copy per step", () => repeatCopy({ maxLength: 7, timeAverage: true })],
  ["copy", () => copy({ minLength: 2, maxLength: 9, numBits: 1 })],
  ["copy in bits", () => copy({ minLength: 3, maxLength: 3, logProbInBits: true })],
] as const;

/** See a bit, say it. */
const echo = {
  name: "echo",
  inputSize: 2,
  targetSize: 1,
  sampleSequence: () => [{ input: [1, 1] }, { target: [1] }],
};

describe.each(TASKS)("the facts of %s", (_name, create) => {
  const task = create();
  const batch = task.sampleBatch(createRandom(1), { batchSize: 4000 });

  it("are those of its sequences", () => {
    expect(batch.timeSteps).toBe(task.maxTimeSteps);
    const counted = batch.mask.reduce((sum, counts) => sum + counts, 0) / batch.batchSize;
    expect(Math.abs(counted / task.meanCountedSteps - 1)).toBeLessThan(0.03);
  });

  it("name each channel", () => {
    const { inputs, targets } = task.channelLabels();
    expect([new Set(inputs).size, new Set(targets).size]).toEqual([task.inputSize, task.targetSize]);
    expect(inputs[0]).toBe("bit 1");
  });

  it("name the part that each time step belongs to", () => {
    const names = phasesOf(task, batch, 7) as readonly string[];
    expect(names).toHaveLength(batch.timeSteps);
    const marker = task.channelLabels().inputs.at(-1) as string;
    expect(names[0]).toBe("start");
    expect(names.indexOf(marker)).toBeLessThan(names.indexOf("output"));
    expect(new Set(names)).toEqual(new Set(["start", "bits", marker, "output"]));
    names.forEach((name, step) => {
      expect(name === "output").toBe(batch.mask[step * batch.batchSize + 7] === 1);
    });
  });

  it("tell what logits of zero cost on average", () => {
    const { loss, timeAverage, logProbInBits } = task;
    const mean = meanLoss(new Float32Array(batch.targets.length), batch, { loss, timeAverage, logProbInBits });
    expect(Math.abs((guessingLoss(task) as number) / mean - 1)).toBeLessThan(0.03);
  });
});

it("describes sequences in a line", () => {
  expect(repeatCopy().description).toBe("4 bits, length 1-2, repeats 1-2");
  expect(copy({ numBits: 1, minLength: 3, maxLength: 3 }).description).toBe("1 bit, length 3");
});

describe("guessingLoss", () => {
  const task = { targetSize: 6, meanCountedSteps: 3, timeAverage: false, logProbInBits: false } as const;

  it("gives each symbol of a group the same probability", () => {
    const symbols = { ...task, loss: "softmax", groupSizes: [4, 2] } as const;
    expect(guessingLoss(symbols)).toBeAllClose(3 * (Math.log(4) + Math.log(2)));
    expect(guessingLoss({ ...symbols, logProbInBits: true })).toBeAllClose(3 * 3);
    expect(guessingLoss({ ...symbols, groupSizes: undefined, timeAverage: true })).toBeAllClose(Math.log(6));
    const message = "groupSizes: expected sizes that add up to the 6 outputs, got 5";
    expect(() => guessingLoss({ ...symbols, groupSizes: [4, 1] })).toThrow(new RangeError(message));
  });

  it("is what logits of zero cost", () => {
    const batch = { timeSteps: 1, batchSize: 1, targets: Float32Array.of(0, 0, 1, 0, 0, 1), mask: Float32Array.of(1) };
    const loss = { loss: "softmax", groupSizes: [4, 2] } as const;
    const mean = meanLoss(new Float32Array(6), batch, loss);
    expect(guessingLoss({ ...task, ...loss, meanCountedSteps: 1 })).toBeAllClose(mean);
  });

  it("is unknown for numbers", () => {
    expect(guessingLoss({ ...task, loss: "squared" })).toBeUndefined();
  });
});

describe("the facts of a custom task", () => {
  it("are optional", () => {
    const task = defineTask(echo);
    for (const fact of ["description", "channelLabels", "phases", "maxTimeSteps", "meanCountedSteps"])
      expect(task).not.toHaveProperty(fact);
    expect(guessingLoss(task)).toBeUndefined();
  });

  it("are those of its definition", () => {
    const channelLabels = () => ({ inputs: ["bit", "go"], targets: ["bit"] });
    const task = defineTask({ ...echo, description: "a bit", channelLabels, maxTimeSteps: 2, meanCountedSteps: 1 });
    expect(task).toMatchObject({ description: "a bit", maxTimeSteps: 2, meanCountedSteps: 1 });
    expect(task.channelLabels?.()).toEqual(channelLabels());
    expect(guessingLoss(task)).toBe(Math.LN2);
  });

  it.each([
    ["description: expected a text that is not empty, got 3", TypeError, { description: 3 }],
    ["channelLabels: expected a function that returns labels, got an object", TypeError, { channelLabels: {} }],
    [
      "phases: expected a function from a sequence to a name for each time step, got an array",
      TypeError,
      { phases: [] },
    ],
    ["maxTimeSteps: expected a positive integer, got 0", RangeError, { maxTimeSteps: 0 }],
    ["meanCountedSteps: expected a positive number, got -1", RangeError, { meanCountedSteps: -1 }],
  ])("%s", (message, Kind, facts) => {
    expect(() => defineTask({ ...echo, ...(facts as object) })).toThrow(new Kind(message));
  });

  it.each([
    ["channelLabels().inputs: expected one for each of 2 channels, got 1", RangeError, ["a"], ["b"]],
    ["channelLabels().targets: expected an array, got undefined", TypeError, ["a", "b"], undefined],
    ["channelLabels().inputs[1]: expected a text that is not empty, got 7", TypeError, ["a", 7], ["b"]],
  ])("%s", (message, Kind, inputs, targets) => {
    const task = defineTask({ ...echo, channelLabels: () => ({ inputs, targets }) as never });
    expect(() => task.channelLabels?.()).toThrow(new Kind(message));
  });

  it("name the phases of a sequence by its inputs and the steps that count", () => {
    const phases = ({ inputs, counts }: SequenceSteps) =>
      inputs.map(([bit], step) => (counts[step] ? "say" : `see ${bit}`));
    const task = defineTask({ ...echo, phases });
    const batch = task.sampleBatch(createRandom(1), { batchSize: 3 });
    expect(phasesOf(task, batch, 2)).toEqual(["see 1", "say"]);
    expect(phasesOf(defineTask(echo), batch)).toBeUndefined();
    const message = "sequence: expected an integer from 0 to 2, got 3";
    expect(() => phasesOf(task, batch, 3)).toThrow(new RangeError(message));
  });

  it.each([
    ["phases(): expected one for each of 2 time steps, got 1", RangeError, ["see"]],
    ["phases(): expected an array, got undefined", TypeError, undefined],
    ['phases()[1]: expected a text that is not empty, got ""', TypeError, ["see", ""]],
  ])("%s", (message, Kind, names) => {
    const task = defineTask({ ...echo, phases: () => names as never });
    expect(() => phasesOf(task, task.sampleBatch(createRandom(1)))).toThrow(new Kind(message));
  });
});
