// biome-ignore-all lint/suspicious/noControlCharactersInRegex: these are the codes of a terminal.
import { createRandom, defineTask, repeatCopy, type Step, type Task } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { sampleLines } from "../../../src/terminal/sample/lines.js";
import { COLORED, PLAIN } from "../../../src/terminal/style.js";
import { ASCII, UNICODE } from "../../../src/terminal/symbols.js";
import { textWidth } from "../../../src/terminal/text-width.js";

/** Samples a sequence, with outputs that are the targets except for those in `changes`, by time step and channel. */
function predict(task: Task, changes: readonly (readonly [t: number, channel: number, value: number])[] = []) {
  const batch = task.sampleBatch(createRandom(3), { batchSize: 1 });
  const output = batch.targets.slice();
  for (const [t, channel, value] of changes) output[t * task.targetSize + channel] = value;
  return { batch, output };
}

const LOOK = { style: PLAIN, symbols: ASCII, columns: 79 };
const taskOf = (steps: readonly Step[], inputSize: number, targetSize: number, more = {}) =>
  defineTask({ name: "steps", inputSize, targetSize, sampleSequence: () => steps, ...more });

describe("sampleLines", () => {
  it("labels the rows, leaves out what does not count, and marks and counts wrong bits", () => {
    const task = repeatCopy({ minLength: 2, minRepeats: 2 });
    const prediction = predict(task, [
      [5, 1, 0],
      [7, 0, 1],
    ]);
    expect(sampleLines(prediction, task, LOOK)).toEqual([
      "            input               target              output, 2 wrong bits (x)",
      "  bit 1     . . . . . . . . .           . . . . .           . . . x .",
      "  bit 2     . 1 1 . . . . . .           1 1 1 1 .           1 x 1 1 .",
      "  bit 3     . . 1 . . . . . .           . 1 . 1 .           . 1 . 1 .",
      "  bit 4     . 1 . . . . . . .           1 . 1 . .           1 . 1 . .",
      "  start     1 . . . . . . . .",
      "  repeats   . . . 2 . . . . .",
      "  end                                   . . . . 1           . . . . 1",
    ]);
  });

  it("marks wrong bits by their colours where there are any", () => {
    const task = repeatCopy({ minLength: 2, minRepeats: 2 });
    const lines = sampleLines(predict(task, [[5, 1, 0]]), task, { ...LOOK, style: COLORED, symbols: UNICODE });
    expect(lines[0]).toContain("output, 1 wrong bit");
    expect(lines[0]).not.toContain("(");
    expect(lines[2]).toContain("\x1b[31m\x1b[7m·\x1b[27m\x1b[39m");
    expect(lines.join("\n").match(/\x1b\[7m/g)).toHaveLength(1);
  });

  it("numbers the channels of a task without labels", () => {
    const task = taskOf([{ input: [1, 0] }, { target: [1] }], 2, 1);
    expect(sampleLines(predict(task), task, LOOK)).toEqual([
      "      input   target   output",
      "  0   1 .       1        1",
      "  1   . .",
    ]);
  });

  it("keeps rows apart whose labels are the same, and escapes and cuts labels", () => {
    const channelLabels = () => ({ inputs: ["a", "a", "\x1b[2J".repeat(9)], targets: ["a"] });
    const task = taskOf([{ input: [1, 0, 1] }, { target: [1] }], 3, 1, { channelLabels });
    expect(sampleLines(predict(task), task, LOOK)).toEqual([
      "                     input   target   output",
      "  a                  1 .       1        1",
      "  a                  . .",
      "  \\x1b[2J\\x1b[2J\\~   1 .",
    ]);
  });

  it("shows numbers that are no bits, and what is wrong of a squared loss", () => {
    const task = taskOf([{ input: [0.5, -1.25] }, { target: [1] }, { target: [0] }], 2, 1, { loss: "squared" });
    const prediction = predict(task, [
      [1, 0, 0.51],
      [2, 0, -0.5],
    ]);
    expect(sampleLines(prediction, task, LOOK)).toEqual([
      "      input            target   output, 1 wrong number (x)",
      "  0    .50    .    .     1 .            .51 x-.50",
      "  1   -1.3    .    .",
    ]);
  });

  it("marks one channel of a wrong symbol", () => {
    const loss = { loss: "softmax", groupSizes: [2, 3] } as const;
    const task = taskOf([{ input: [1] }, { target: [1, 0, 0, 1, 0] }, { target: [0.4, 0.6, 1, 0, 0] }], 1, 5, loss);
    const nan = [2, 3, 4].map((channel) => [1, channel, Number.NaN] as const);
    const right = predict(task, [
      [2, 0, 0],
      [2, 1, 1],
    ]);
    expect(sampleLines(right, task, LOOK)[0]).toMatch(/output$/);
    const lines = sampleLines(predict(task, [[2, 0, 1], [2, 1, 0], ...nan]), task, { ...LOOK, style: COLORED });
    expect(lines[0]).toContain("output, 2 wrong symbols");
    expect(lines.map((line) => line.split("\x1b[7m").length - 1)).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it.each([
    [79, "side by side, without spaces", { maxLength: 3, minLength: 3, minRepeats: 4, maxRepeats: 4 }, 8],
    [79, "stacked", { maxLength: 10, minLength: 10, minRepeats: 5, maxRepeats: 5 }, 6 + 5 + 5 + 3],
    [
      49,
      "only with steps that have something to show",
      { maxLength: 5, minLength: 5, minRepeats: 1, maxRepeats: 1 },
      9,
    ],
  ])("fits %d columns: %s", (columns, _how, config, length) => {
    const task = repeatCopy(config);
    const lines = sampleLines(predict(task), task, { ...LOOK, columns });
    expect(lines).toHaveLength(length);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
  });

  it("cuts what does not fit around the first wrong step, and says which steps it shows", () => {
    const task = repeatCopy({ minLength: 10, maxLength: 10, minRepeats: 9, maxRepeats: 9 });
    const titles = (prediction: ReturnType<typeof predict>) =>
      sampleLines(prediction, task, LOOK)
        .filter((line) => /output|t = /.test(line))
        .map((line) => line.trim());
    expect(titles(predict(task))).toEqual(["t = 0-11", "t = 12-78", "output", "t = 12-78"]);
    expect(titles(predict(task, [[90, 4, 1]]))).toEqual([
      "t = 0-11",
      "t = 36-102",
      "output, 1 wrong bit (x)",
      "t = 36-102",
    ]);
    expect(titles(predict(task, [[40, 4, 1]]))).toEqual([
      "t = 0-11",
      "t = 12-78",
      "output, 1 wrong bit (x)",
      "t = 12-78",
    ]);
  });

  it("cuts rows that do not fit, and counts what is wrong in them", () => {
    const task = repeatCopy({ numBits: 40, maxLength: 1, maxRepeats: 1 });
    const lines = sampleLines(predict(task, [[3, 39, Number.NaN]]), task, { ...LOOK, maxRows: 8 });
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe("  ~ 36 more rows, 1 wrong bit in them");
  });

  it("fits any width of at least 30 columns, and shows nothing below", () => {
    const tasks = [
      repeatCopy({ maxLength: 30, maxRepeats: 12 }),
      repeatCopy(),
      taskOf([{ input: [1e-9, 123456789] }, { target: [1] }], 2, 1, {
        channelLabels: () => ({ inputs: ["圧力".repeat(9), "👩‍🔬 lab"], targets: ["a label that is long"] }),
      }),
    ];
    for (const task of tasks) {
      for (let columns = 0; columns < 140; columns += 3) {
        for (const symbols of [ASCII, UNICODE]) {
          const lines = sampleLines(predict(task, [[1, 0, 1]]), task, { ...LOOK, symbols, columns });
          if (columns < 30) expect(lines).toEqual([]);
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        }
      }
    }
  });
});
