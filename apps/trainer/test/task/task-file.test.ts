/** Task files in a user's folder outside of the clone, through the command; needs the build. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support.js";

const COMMAND = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
const NETWORK = ["--hidden_size=8", "--memory_size=4", "--word_size=4", "--num_read_heads=1", "--backend=cpu"];

/** A task of reversing a pattern, whose width and lengths are flags. */
const REVERSE = `
import { defineTask } from "@dnc/tasks";

export default async ({ my_size = 3, min_length = 1, max_length = 3 }) =>
  defineTask({
    name: "reverse/it",
    inputSize: my_size + 1,
    targetSize: my_size,
    batchSize: 4,
    sampleSequence: (random) => {
      const length = random.integer(min_length, max_length);
      const pattern = Array.from({ length }, () => Array.from({ length: my_size }, () => random.integer(0, 1)));
      const seen = pattern.map((bits) => ({ input: [...bits, 0] }));
      return [...seen, { input: [...Array(my_size).fill(0), 1] }, ...pattern.reverse().map((target) => ({ target }))];
    },
  });
`;

/** A folder with a task file; its packages are those of the trainer. */
function userFolder(text: string, name = "my-task.mjs"): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  return folder;
}

function dnc(cwd: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  });
}

function train(cwd: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return dnc(cwd, "train", "--task=./my-task.mjs", ...NETWORK, ...args);
}

const filesOf = (run: string, step: number) =>
  ["model.safetensors", "optimizer.safetensors"].map((name) =>
    readFileSync(join(run, `checkpoints/step-${String(step).padStart(8, "0")}`, name), "latin1"),
  );
const configOf = (run: string) => JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
const timeless = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), seconds: 0, iterations_per_second: 0 }));

/** Trains, and kills the process without warning after its first checkpoint. */
function killed(cwd: string, run: string, ...args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const words = ["train", "--task=./my-task.mjs", ...NETWORK, `--checkpoint_dir=${run}`, ...args];
    const child = spawn(process.execPath, [COMMAND, ...words], { cwd, stdio: "ignore" });
    const timer = setInterval(() => existsSync(join(cwd, run, "checkpoints/latest")) && child.kill("SIGKILL"), 5);
    child.on("close", () => {
      clearInterval(timer);
      resolve();
    });
  });
}

describe("a task in a user's file", () => {
  it("is trained, killed, resumed to the same bits, evaluated, traced and reported", async () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    const flags = ["--my-size", "2", "--seed=3", "--report_interval=100", "--checkpoint_interval=50"];
    const whole = train(folder, ...flags, "--num_training_iterations=400", "--checkpoint_dir=whole");
    expect({ status: whole.status, stderr: whole.stderr }).toEqual({ status: 0, stderr: "" });
    expect(whole.stdout).toMatch(/^task +reverse\/it: 3 inputs, 2 targets, 4 sequences per iteration$/m);
    expect(configOf(join(folder, "whole"))).toMatchObject({
      task: file,
      batch_size: 4,
      task_flags: { my_size: 2 },
      task_file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), input_size: 3, target_size: 2 },
    });
    expect(configOf(join(folder, "whole"))).not.toHaveProperty("max_length");

    await killed(folder, "parts", ...flags, "--num_training_iterations=1000000");
    // From another folder: the run records the file's absolute path.
    const resumed = dnc(
      temporaryFolder(),
      "train",
      `--resume=${join(folder, "parts")}`,
      "--num_training_iterations=400",
    );
    expect({ status: resumed.status, stderr: resumed.stderr }).toEqual({ status: 0, stderr: "" });
    expect(filesOf(join(folder, "parts"), 400)).toEqual(filesOf(join(folder, "whole"), 400));
    expect(timeless(join(folder, "parts"))).toEqual(timeless(join(folder, "whole")));

    const run = join(folder, "parts");
    const scored = dnc(
      folder,
      "eval",
      run,
      "--json",
      "--sequences=9",
      "--min_length=2",
      "--max_length=6",
      "--backend=cpu",
    );
    expect(scored).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(scored.stdout)).toMatchObject({ task: "reverse/it", sequences: 9, min_length: 2, max_length: 6 });
    const traced = dnc(folder, "trace", run, "--length=5", "--backend=cpu");
    expect(traced).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(traced.stdout).quantities.observations.shape).toEqual([11, 1, 3]);
    const reported = dnc(folder, "report", run, "--max_length=2", "--sequences=2", "--backend=cpu");
    expect(reported).toMatchObject({ status: 0, stderr: "" });
    const page = readFileSync(join(run, "report.html"), "utf8");
    for (const words of [`--task=${file}`, "--my_size=2", "a flag of the task&#39;s file"])
      expect(page).toContain(words);
    // Without a largest length there is no map of accuracy, but a page.
    expect(dnc(folder, "report", run, "--backend=cpu").status).toBe(0);
  });

  it("can be the task itself, in a run whose folder's name fits a file system", () => {
    const folder = userFolder(
      `${REVERSE.replace("export default async", "const create =")} export default create({});`,
    );
    expect(train(folder, "--num_training_iterations=2", "--seed=1", "--batch_size=3").status).toBe(0);
    const [name] = readdirSync(join(folder, "runs"));
    expect(name).toMatch(/^reverse-it-\d{8}-\d{6}-seed1$/);
    expect(configOf(join(folder, "runs", name))).toMatchObject({ batch_size: 3 });
    const { status, stderr } = dnc(folder, "eval", join("runs", name), "--max_length=3", "--backend=cpu");
    expect(status).toBe(2);
    expect(stderr).toBe(
      `dnc: --max_length: expected only with a task that has it, got it with ${join(folder, "my-task.mjs")}, which does not read it\n`,
    );
  });

  it("may change: the run says so and records it, and refuses other widths", () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    expect(train(folder, "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    const before = configOf(join(folder, "run")).task_file.sha256;
    writeFileSync(file, `${REVERSE}// changed`);
    const notice = `the task file ${file} has changed since the run recorded it: its SHA-256 was ${before.slice(0, 12)}..., is `;
    for (const command of ["eval", "trace", "report"]) {
      const { status, stderr } = dnc(folder, command, "run", "--backend=cpu");
      expect(status).toBe(0);
      expect(stderr.startsWith(`dnc: ${notice}`)).toBe(true);
    }
    const resumed = dnc(folder, "train", "--resume=run", "--num_training_iterations=4");
    expect(resumed.stdout).toContain(notice);
    const after = configOf(join(folder, "run"));
    expect(after.task_file.sha256).not.toBe(before);
    expect(after.changes).toEqual([
      { step: 2, from: { task_sha256: before }, to: { task_sha256: after.task_file.sha256 } },
    ]);
    expect(dnc(folder, "train", "--resume=run", "--num_training_iterations=5").stdout).not.toContain("has changed");

    writeFileSync(file, REVERSE.replace("my_size = 3", "my_size = 4"));
    const wider = dnc(folder, "train", "--resume=run");
    expect(wider).toMatchObject({ status: 2, stderr: `dnc: ${file}: inputSize: expected 4 as in the run, got 5\n` });
  });

  it("may be missing: every command says where it was, and the run resumes from another place", () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    expect(train(folder, "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    mkdirSync(join(folder, "moved"));
    renameSync(file, join(folder, "moved/task.mjs"));
    for (const args of [
      ["eval", "run"],
      ["trace", "run"],
      ["report", "run"],
      ["train", "--resume=run"],
    ])
      expect(dnc(folder, ...args)).toMatchObject({
        status: 2,
        stderr: `dnc: ${file}: expected the file of a task, got nothing there\n`,
      });
    const flags = ["--task=moved/task.mjs", "--num_training_iterations=3"];
    expect(dnc(folder, "train", "--resume=run", ...flags)).toMatchObject({ status: 0, stderr: "" });
    const moved = join(folder, "moved/task.mjs");
    expect(configOf(join(folder, "run"))).toMatchObject({ task: moved, changes: [{ step: 2, to: { task: moved } }] });
    expect(dnc(folder, "train", "--resume=run", "--num_training_iterations=4").status).toBe(0);
  });

  it("refuses other flags on resume, and flags that its function does not read", () => {
    const folder = userFolder(REVERSE);
    const file = join(folder, "my-task.mjs");
    expect(train(folder, "--my_size=2", "--num_training_iterations=2", "--checkpoint_dir=run").status).toBe(0);
    expect(dnc(folder, "train", "--resume=run", "--my_size=4").stderr).toMatch(
      /\n {2}my_size {2}2 recorded, 4 requested\n$/,
    );
    expect(train(folder, "--my_sise=2").stderr).toBe(
      `dnc: ${file}: does not read the flag --my_sise; did you mean --my_size?\n`,
    );
    expect(train(folder, "--colour").stderr).toBe(
      `dnc: ${file}: does not read the flag --colour; its function reads --my_size, --min_length, --max_length\n`,
    );
    expect(train(folder, "--num_bits=2").stderr).toContain("does not read the flag --num_bits; ");
    expect(dnc(folder, "train", "--my_size=2").stderr).toMatch(/^dnc: unknown flag "--my_size"/);
  });
});

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

  it("is an ending that Node cannot run, a folder, or a URL", () => {
    const folder = userFolder("export default 3", "my-task.txt");
    const message = (path: string) => dnc(folder, "train", `--task=${path}`).stderr;
    expect(message("./my-task.txt")).toMatch(
      /my-task\.txt: expected a file that Node \S+ can run, such as one in \.mjs, got another\n$/,
    );
    expect(message("./")).toBe(`dnc: ${folder}: expected the file of a task, got a folder\n`);
    expect(message("https://x/task.mjs")).toMatch(
      /^dnc: --task: expected one of repeat-copy, copy, or a file .*, got the URL https:/,
    );
    expect(message("reverse")).toMatch(
      /^dnc: --task: expected one of repeat-copy, copy, or a file such as .*, got "reverse"\n$/,
    );
  });
});
