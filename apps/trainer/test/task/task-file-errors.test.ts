import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support.js";
import { dnc, train, userFolder } from "./task-file-support.js";

/** Parts of a task of one bit, to be replaced by something wrong. */
const ONE_BIT = {
  name: '"one bit"',
  inputSize: "1",
  targetSize: "1",
  sampleSequence: "() => [{ input: [0], target: [1] }]",
};

const task = (changes: Partial<typeof ONE_BIT> = {}) =>
  `import { defineTask } from "@dnc/tasks";
   const fields = { ${Object.entries({ ...ONE_BIT, ...changes })
     .map(([name, value]) => `${name}: ${value}`)
     .join(", ")} };\n`;
const defined = (changes?: Partial<typeof ONE_BIT>) => `${task(changes)} export default defineTask(fields);`;
const batch = (changes: string) => `${task()}
  const good = defineTask(fields);
  export default { ...good, sampleBatch: (random, options) => ({ ...good.sampleBatch(random, options), ${changes} }) };`;

describe("what is wrong in a task file", () => {
  it.each([
    ["nothing", undefined, "expected the file of a task, got nothing there"],
    ["a syntax error", "export default {\n  a: ,\n}", "expected a module, got a syntax error: Unexpected token ','"],
    ["an error at import", "\nthrow new Error('no\\n luck')", "cannot be imported: no luck (line 2)"],
    ["something thrown that is no error", "throw 3", "cannot be imported: 3"],
    ["an unknown name", "export default undefinedName", "cannot be imported: undefinedName is not defined (line 1)"],
    [
      "a package that is not there",
      'import "no-such-package-at-all"',
      "cannot be imported: Cannot find package 'no-such-package-at-all'",
    ],
    ["an end of the process", "process.exit(0)", "cannot be imported: it calls process.exit(0) (line"],
    [
      "an end of the process later",
      "setTimeout(() => process.exit(0)); await new Promise(() => setTimeout(() => {}, 9e5))",
      "cannot be imported: it calls process.exit(0)",
    ],
    [
      "an error that nothing catches",
      "setTimeout(() => { throw new Error('late') }); await new Promise(() => setTimeout(() => {}, 9e5))",
      "cannot be imported: late",
    ],
    ["a promise that never settles", "await new Promise(() => {})", "cannot be imported: its promise is never settled"],
    [
      "no default export",
      "export const task = 3",
      "expected a default export, what defineTask returns or a function of flags that returns it, got none",
    ],
    ["a number", "export default 3", "its default export: expected a task, such as defineTask returns, got 3"],
    ["no task", "export default {}", "its default export: name: expected a text, got nothing"],
    [
      "a function of nothing",
      "export default () => {}",
      "its function returns: expected a task, such as defineTask returns, got nothing",
    ],
    [
      "a function that throws",
      "export default () => { throw new RangeError('my_size: expected 3') }",
      "its function fails: my_size: expected 3 (line 1)",
    ],
    [
      "a rejected promise",
      "export default async () => { throw new Error('no data') }",
      "its function fails: no data (line 1)",
    ],
    [
      "a function that never returns",
      "export default () => new Promise(() => {})",
      "its function fails: its promise is never settled",
    ],
    [
      "a function that ends the process",
      "export default () => process.exit(1)",
      "its function fails: it calls process.exit(1)",
    ],
    [
      "a size of defineTask",
      defined({ inputSize: "0" }),
      "cannot be imported: inputSize: expected a positive integer, got 0 (line",
    ],
    [
      "a size of an object",
      `${task()} export default { ...defineTask(fields), targetSize: 1.5 }`,
      "its default export: targetSize: expected a positive integer, got 1.5",
    ],
    [
      "no sampleBatch",
      `${task()} export default { ...defineTask(fields), sampleBatch: 3 }`,
      "its default export: sampleBatch: expected a function, got 3",
    ],
    [
      "a sequence of another width",
      defined({ sampleSequence: "() => [{ input: [0, 1], target: [1] }]" }),
      "sampleSequence()[0].input: expected 1 numbers, got 2",
    ],
    [
      "NaN in a sequence",
      defined({ sampleSequence: "() => [{ input: [NaN], target: [1] }]" }),
      "sampleSequence()[0].input[0]: expected",
    ],
    ["a sequence that throws", defined({ sampleSequence: "() => { throw new Error('empty') }" }), "empty (line"],
    [
      "a sequence that ends the process",
      defined({ sampleSequence: "() => process.exit(0)" }),
      "it calls process.exit(0)",
    ],
    [
      "a promise of a batch",
      `${task()} export default { ...defineTask(fields), sampleBatch: async () => {} }`,
      "sampleBatch(): expected a batch, got a promise",
    ],
    ["a batch without inputs", batch("inputs: undefined"), "inputs: expected a Float32Array, got nothing"],
    [
      "inputs of another length",
      batch("inputs: new Float32Array(7)"),
      "inputs: expected [1, 16, 1], 16 numbers, got 7",
    ],
    ["a mask of another length", batch("mask: new Float32Array(3)"), "mask: expected [1, 16], 16 numbers, got 3"],
    [
      "NaN in the inputs",
      batch("inputs: new Float32Array(16).fill(NaN)"),
      "inputs[0]: expected finite numbers, got NaN",
    ],
    [
      "targets that are no bits",
      batch("targets: new Float32Array(16).fill(2)"),
      "targets[0]: expected numbers in [0, 1], got 2",
    ],
    ["another batch size", batch("batchSize: 3"), "batchSize: expected 16, got 3"],
    ["a mask that weights", batch("mask: new Float32Array(16).fill(0.5)"), "mask[0]: expected 0 or 1, got 0.5"],
    ["lengths in another array", batch("lengths: [1]"), "lengths: expected a Uint32Array, got an array"],
    ["lengths of another length", batch("lengths: new Uint32Array(3)"), "lengths: expected 16 numbers, got 3"],
    [
      "a state that is carried on",
      batch("newSequences: true"),
      "newSequences: expected false without carryState, got true",
    ],
    [
      "an unknown loss",
      `${task()} export default { ...defineTask(fields), loss: "cubic" }`,
      "its default export: loss: expected one of sigmoid, softmax, squared, got",
    ],
    [
      "groups of another number of outputs",
      `${task()} export default { ...defineTask(fields), loss: "softmax", groupSizes: [3] }`,
      "its default export: groupSizes: expected sizes that add up to the 1 outputs, got 3",
    ],
    [
      "a description that is no text",
      `${task()} export default { ...defineTask(fields), description: 5 }`,
      "its default export: description: expected a text, got 5",
    ],
  ])("is one sentence with the file's name: %s", (_what, text, message) => {
    const folder = text === undefined ? temporaryFolder() : userFolder(text);
    const { status, stdout, stderr } = train(folder, "--num_training_iterations=2");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.startsWith(`dnc: ${join(folder, "my-task.mjs")}: ${message}`), stderr).toBe(true);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });

  it("is named when the widths change between calls", () => {
    const folder = userFolder(`let calls = 0;
      import { defineTask } from "@dnc/tasks";
      export default ({ max_length = 1 }) => {
        const inputSize = ++calls;
        const sampleSequence = () => [{ input: Array(inputSize).fill(0), target: [1] }];
        return defineTask({ name: "grows", inputSize, targetSize: 1, sampleSequence });
      };`);
    expect(train(folder, "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    expect(dnc(folder, "eval", "run", "--max_length=2", "--backend=cpu")).toMatchObject({
      status: 2,
      stderr: `dnc: ${join(folder, "my-task.mjs")}: inputSize: expected 1 as in its first call, got 2\n`,
    });
  });

  it("is named when a later batch is wrong, and the iterations before it are saved", () => {
    const folder = userFolder(`${task()}
      const good = defineTask(fields);
      let calls = 0;
      const wrong = (batch) => (++calls === 12 ? { ...batch, inputs: batch.inputs.fill(NaN) } : batch);
      export default { ...good, sampleBatch: (...args) => wrong(good.sampleBatch(...args)) };`);
    const { status, stderr } = train(folder, "--num_training_iterations=50", "--checkpoint_dir=run");
    expect(status).toBe(1);
    const [first, last] = stderr.split("\n");
    expect(first).toMatch(
      /^dnc: the run ended after iteration \d+: .*my-task\.mjs: inputs\[0\]: expected finite numbers, got NaN$/,
    );
    expect(last).toMatch(/^last good checkpoint: run\/checkpoints\/step-/);
  });

  it("is named when the loss of a flag does not fit its options", () => {
    const folder = userFolder(`${task()} export default defineTask({ ...fields, logProbInBits: true })`);
    expect(train(folder, "--num_training_iterations=2", "--loss=squared")).toMatchObject({
      status: 2,
      stderr: `dnc: ${join(folder, "my-task.mjs")}: with --loss=squared: logProbInBits: expected false for loss "squared", got true\n`,
    });
  });

  it("is named when a sample is no text", () => {
    const folder = userFolder(`${task()} export default { ...defineTask(fields), render: () => 5 }`);
    expect(train(folder, "--num_training_iterations=2").stderr).toContain(
      "my-task.mjs: render(): expected a text, got 5\n",
    );
  });

  it("is an ending that Node cannot run, a folder, or a URL", () => {
    const folder = userFolder("export default 3", "my-task.txt");
    const message = (path: string) => dnc(folder, "train", `--task=${path}`).stderr;
    expect(message("./my-task.txt")).toMatch(
      /my-task\.txt: expected a file that Node \S+ can run, such as one in \.mjs, got another\n$/,
    );
    expect(message("./")).toBe(`dnc: ${folder}: expected the file of a task, got a folder\n`);
    expect(message("https://x/task.mjs")).toMatch(
      /^dnc: --task: expected one of repeat-copy, copy, associative-recall, dynamic-n-grams, priority-sort, key-value, two-way-key-value, big-repeat-copy, dynamic-allocation, ntm-repeat-copy, graph-traversal, inference, shortest-path, babi, mini-shrdlu, or a file .*, got the URL https:/,
    );
    expect(message("reverse")).toMatch(
      /^dnc: --task: expected one of repeat-copy, copy, associative-recall, dynamic-n-grams, priority-sort, key-value, two-way-key-value, big-repeat-copy, dynamic-allocation, ntm-repeat-copy, graph-traversal, inference, shortest-path, babi, mini-shrdlu, or a file such as .*, got "reverse"\n$/,
    );
  });
});
