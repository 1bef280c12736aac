/** Built-in tasks with flags of their own: trained, resumed, and refused, in this process. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadTask } from "@dnc/settings";
import { LIBRARY_TASKS, type Settings } from "@dnc/settings/flags";
import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";
import { readTrainedRun } from "../../src/flags/gate.js";
import { planRun } from "../../src/flags/plan.js";
import { machine } from "../../src/machine.js";
import { openSession } from "../../src/run/session.js";
import { train } from "../../src/run/train.js";
import { SILENT, sequenceTask, temporaryFolder } from "../support.js";
import { remains } from "../train-in-process.js";

/** The tasks whose sequences are drawn. Those of bAbI are read from files, those of Mini-SHRDLU and shortest path are episodes: see their own tests. */
const DRAWN = LIBRARY_TASKS.filter((name) => !["babi", "mini-shrdlu", "shortest-path"].includes(name));

const NETWORK = ["--hidden_size=8", "--memory_size=4", "--word_size=4", "--num_read_heads=1", "--seed=1"];

function settingsOf(...args: readonly string[]): Settings {
  const request = readCommandLine(["train", ...NETWORK, "--batch_size=2", ...args]);
  if (request.command !== "train") throw new Error("expected dnc train");
  return request.settings;
}

const load = (...args: readonly string[]) => loadTask(settingsOf(...args), { machine });

/** Runs `dnc train` with these arguments. */
async function dncTrain(...args: readonly string[]): Promise<void> {
  const session = await openSession(await planRun(settingsOf(...args)), "cpu", () => {});
  try {
    await train({
      ...session,
      iterations: session.config.training.iterations,
      reporter: SILENT,
      shouldStop: () => false,
    });
  } finally {
    await session.close();
  }
}

describe.each(DRAWN)("--task=%s", (name) => {
  it("has its own defaults, and takes its flags", async () => {
    const { settings, source } = await loadTask(settingsOf(`--task=${name}`, "--log_prob_in_bits"), { machine });
    expect(settings).toMatchObject({ task: name, batch_size: 2, task_flags: { log_prob_in_bits: true } });
    expect(settings.min_length).toBeUndefined();
    const task = await source.create({ batchSize: 3 });
    expect(task).toMatchObject({
      name,
      batchSize: 3,
      logProbInBits: true,
      loss: ["graph-traversal", "inference"].includes(name) ? "softmax" : "sigmoid",
    });
    expect(task.description).toMatch(/\d/);
  });

  it("names a flag that it does not have", async () => {
    const message = new RegExp(`^task ${name} does not have the flag --colour; it has --\\w+, `);
    await expect(load(`--task=${name}`, "--colour=3")).rejects.toThrow(message);
  });
});

it("has the flags and defaults that docs/guide/tasks.md lists", async () => {
  const page = readFileSync(new URL("../../../../docs/guide/tasks.md", import.meta.url), "utf8");
  for (const name of DRAWN) {
    const [, row] = page.split(`\n| \`${name}\` |`);
    const listed = row.split("\n")[0].match(/--\w+(=\w+)?/g) as string[];
    const values = listed.filter((flag) => flag.includes("="));
    const [defaults, given, all] = await Promise.all(
      [[], values, listed].map((flags) => load(`--task=${name}`, ...flags)),
    );
    const sampled = async ({ source, settings }: typeof defaults) => {
      const sizes = { numBits: settings.num_bits, minLength: settings.min_length, maxLength: settings.max_length };
      return sequenceTask(await source.create({ batchSize: 5, ...sizes })).sampleBatch(createRandom(1));
    };
    expect(await sampled(given)).toEqual(await sampled(defaults));
    const unlisted = await load(`--task=${name}`, "--no_such_flag").catch(({ message }: Error) => message);
    const has = (unlisted as string).match(/--\w+(?=,|$)/g) as string[];
    const names = [...listed.map((flag) => flag.split("=")[0]), "--lengths", "--log_prob_in_bits"];
    expect(has.sort()).toEqual(names.sort());
    expect(all.source.name).toBe(name);
  }
});

it("resumes with the recorded flags to the same bits, and refuses others", async () => {
  const folder = temporaryFolder();
  const [whole, parts] = ["whole", "parts"].map((run) => join(folder, run));
  const flags = ["--task=associative-recall", "--max_items=3", "--num_bits=2", "--form=csordas", "--signed_inputs"];
  await dncTrain(...flags, "--num_training_iterations=6", `--checkpoint_dir=${whole}`);
  await dncTrain(...flags, "--num_training_iterations=3", `--checkpoint_dir=${parts}`);
  const request = readCommandLine(["train", `--resume=${parts}`, "--num_training_iterations=6"]);
  const session = await openSession(
    await planRun((request as { readonly settings: Settings }).settings),
    "cpu",
    () => {},
  );
  await train({ ...session, iterations: 6, reporter: SILENT, shouldStop: () => false });
  await session.close();
  expect(remains(parts, 6).model).toBe(remains(whole, 6).model);
  const config = JSON.parse(readFileSync(join(parts, "config.json"), "utf8"));
  expect(config).toMatchObject({
    task: "associative-recall",
    num_bits: 2,
    task_flags: { max_items: 3, form: "csordas", signed_inputs: true },
  });
  expect(config).not.toHaveProperty("min_repeats");
  const { command, config: trained } = await readTrainedRun(parts, () => {});
  for (const flag of [...flags, "--num_bits=2"]) expect(command).toContain(flag);
  expect((await trained.task.source.create(trained.task)).description).toBe("2 bits, 2-3 items of 3, marked between");
  const other = settingsOf(
    ...flags.with(1, "--max_items=4"),
    `--checkpoint_dir=${parts}`,
    "--num_training_iterations=9",
  );
  await expect(planRun(other)).rejects.toThrow(/max_items {2}3 recorded, 4 requested/);
});

describe("what is wrong is one sentence with the flag", () => {
  it.each([
    [["--task=associative-recall", "--min_items=1"], "--min_items: expected at least 2, got 1"],
    [["--task=associative-recall", "--form=x"], '--form: expected one of ntm, csordas, got "x"'],
    [["--task=key-value", "--max_items=99"], "--max_items: expected at most 64, the number of keys, got 99"],
    [["--task=key-value", "--signed_inputs=3"], "--signed_inputs: expected true or false, got 3"],
    [["--task=dynamic-n-grams", "--length=4"], "--length: expected more than context_bits (5), got 4"],
    [["--task=priority-sort", "--num_targets=30"], "--num_targets: expected at most num_inputs (20), got 30"],
    [
      ["--task=key-value", "--max_item=3"],
      "task key-value does not have the flag --max_item; did you mean --max_items?",
    ],
    [
      ["--task=key-value", "--max_repeats=3"],
      "task key-value does not have the flag --max_repeats; it has --key_bits, ",
    ],
    [
      ["--task=graph-traversal", "--loss=sigmoid"],
      "--loss: expected only with a task whose loss may be replaced, got it with task graph-traversal",
    ],
    [["--task=graph-traversal", "--min_path=2"], "--min_path: expected at most max_path (1), got 2"],
    [["--task=key-value", "--num_bits=3"], "task key-value does not have the flag --num_bits; "],
  ])("%j", async (args, message) => {
    await expect(load(...args)).rejects.toThrow(message);
  });

  it("also for tasks that have none", () => {
    expect(() => settingsOf("--max_items=3")).toThrow('unknown flag "--max_items"');
    expect(() => settingsOf("--task=copy", "--form=ntm")).toThrow('unknown flag "--form"');
    expect(() => settingsOf("--task=associative")).toThrow(
      "--task: expected one of repeat-copy, copy, associative-recall, ",
    );
  });
});
