/** `--task=mini-shrdlu`: episodes with a value network, trained, resumed, evaluated, graded and drawn by the commands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, isEpisodeTask, MINI_SHRDLU_LESSONS, type MiniShrdlu } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { readPreset } from "../../src/preset/preset.js";
import { LiveReporter } from "../../src/terminal/live-reporter.js";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";
import { remains } from "../train-in-process.js";
import { loadSmall, NETWORK } from "./small-task.js";

const load = (...flags: readonly string[]) => loadSmall("mini-shrdlu", flags);

/** What each of five episodes begins with. */
async function problemsOf(...flags: readonly string[]) {
  const { source } = await load(...flags);
  const task = (await source.create({ batchSize: 5 })) as unknown as MiniShrdlu;
  return task.startEpisodes(createRandom(1)).episodes();
}

/** Trains a small run of a preset. */
async function trainPreset(run: string, iterations: number, ...flags: readonly string[]) {
  const length = [
    `--num_training_iterations=${iterations}`,
    "--report_interval=2",
    "--batch_size=2",
    "--learning_rate_schedule=constant",
  ];
  const args = ["--preset=mini-shrdlu", ...NETWORK, "--backend=cpu", ...length, `--checkpoint_dir=${run}`, ...flags];
  return dnc("train", ...args);
}

describe("the flags", () => {
  it("are sizes and weights, with the defaults of the first lesson", async () => {
    const { source, settings } = await load();
    const task = await source.create({ batchSize: 3 });
    expect(isEpisodeTask(task)).toBe(true);
    expect(task).toMatchObject({ name: "mini-shrdlu", batchSize: 3, inputSize: 97, targetSize: 7, valueNetwork: true });
    expect(settings.loss).toBeUndefined();
    const last = MINI_SHRDLU_LESSONS[25] as object;
    const words = Object.entries(last).map(([name, value]) => [
      name.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`),
      value,
    ]);
    const hard = await problemsOf(...words.map(([flag, value]) => `--${flag}=${value}`));
    expect(hard.every(({ blocks, goals }) => blocks === 6 && goals.length === 10)).toBe(true);
  });

  it("are those that docs/guide/tasks.md lists, with their defaults", async () => {
    const page = readFileSync(new URL("../../../../docs/guide/tasks.md", import.meta.url), "utf8");
    const listed = (page.split("\n| `mini-shrdlu` |")[1]?.split("\n")[0] ?? "").match(/--\w+=[\d.]+/g) ?? [];
    expect(await problemsOf(...listed)).toEqual(await problemsOf());
    const unlisted = await load("--no_such_flag").catch(({ message }: Error) => message);
    const has = (unlisted as string).match(/--\w+(?=,|$)/g) as string[];
    expect(has.sort()).toEqual(listed.map((flag) => flag.split("=")[0]).sort());
  });

  it.each([
    ["--max_blocks=7", "--max_blocks: expected at most 6, got 7"],
    ["--max_constraints=3", "--max_constraints: expected at most 2 with 3 blocks and depth 1 to 1, got 3"],
    ["--lambda=2", "--lambda: expected a number from 0 to 1, got 2"],
    ["--loss=sigmoid", "--loss: expected only with a task whose loss may be replaced, got it with task mini-shrdlu"],
    ["--lengths", "task mini-shrdlu does not have the flag --lengths; "],
  ])("%s is refused", async (flag, message) => {
    await expect(load(flag)).rejects.toThrow(message);
  });
});

describe("the preset at the paper's scale", () => {
  it("has the lessons of the library", () => {
    const { settings } = readPreset("mini-shrdlu-paper");
    const flags = settings.task_flags as Readonly<Record<string, number>>;
    const camel = (name: string) => name.replace(/_[a-z]/, (part) => part.charAt(1).toUpperCase());
    const lessons = (settings.lessons ?? []).map((lesson) => {
      const { lambda, entropy_weight, ...sizes } = { ...flags, ...(lesson as object) };
      return Object.fromEntries(Object.entries(sizes).map(([name, value]) => [camel(name), value]));
    });
    expect(lessons).toEqual(MINI_SHRDLU_LESSONS);
  });
});

describe("a run", () => {
  it("trains, resumes to the same bits with its value network, and goes through the other commands", async () => {
    const folder = temporaryFolder();
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    const trained = await trainPreset(whole, 4);
    expect(trained.status).toBe(0);
    expect(trained.stdout).toMatch(/^loss +per episode, .* without a wrong decision$/m);
    expect(trained.stdout).toMatch(/<- go; 1 move needed/);
    await trainPreset(parts, 2);
    expect(await dnc("train", `--resume=${parts}`, "--num_training_iterations=4")).toMatchObject({ status: 0 });
    const [expected, found] = [remains(whole, 4), remains(parts, 4)];
    expect(found.model).toBe(expected.model);
    expect(found.optimizer).toBe(expected.optimizer);
    expect(found.samples).toEqual(expected.samples);
    expect(found.optimizer).toContain("value/network/");

    const evaluated = JSON.parse((await dnc("eval", whole, "--sequences=20", "--json")).stdout);
    expect(evaluated).toMatchObject({ sequences: 20, task: "mini-shrdlu" });
    expect(evaluated.satisfied).toBe(evaluated.exact_match);
    expect(evaluated.reward).toBeGreaterThanOrEqual(-1);
    expect((await dnc("eval", whole, "--sequences=20")).stdout).toMatch(/^satisfied +[\d.]+ per episode$/m);

    const graded = await dnc("grade", whole, "--json");
    const { criteria } = JSON.parse(graded.stdout);
    expect(criteria).toMatchObject([{ metric: "constraints satisfied", sequences: 160, at_least: 0.85 }]);
    expect(criteria[0].value).toBeLessThan(0.6);
    expect(graded.status).toBe(1);

    const trace = JSON.parse((await dnc("trace", whole)).stdout);
    expect(trace.quantities.observations.shape).toEqual([10, 1, 97]);
    expect(trace.quantities.target.data.every((value: number) => value === 0)).toBe(true);
    const page = join(folder, "page.html");
    expect(await dnc("report", whole, `--out=${page}`)).toMatchObject({ status: 0 });
    expect(readFileSync(page, "utf8")).toContain("Mini shrdlu");
  });

  it("is shown on a terminal with its episodes as text", () => {
    const said: string[] = [];
    const output = { write: (text: string) => said.push(text), isTTY: true, columns: 30, rows: 60 };
    const reporter = new LiveReporter(output, { now: () => 0 });
    reporter.start([["task", "mini-shrdlu"]], undefined);
    const progress = { step: 1, totalSteps: 2, loss: 1, exactMatch: 0, gradientNorm: 1, iterations: 1 };
    const rest = { iterationsPerSecond: 1, seconds: 1, secondsLeft: 1 };
    const prediction = { batch: {}, output: new Float32Array(1) };
    const record = { step: 1 };
    const sample = `\nA: 1 above 2\n${"x".repeat(50)}`;
    reporter.report({ progress: { ...progress, ...rest }, prediction, record, sample } as never);
    reporter.end([]);
    const text = said.join("");
    expect(text).toContain("  A: 1 above 2\n");
    expect(text).toContain(`  ${"x".repeat(27)}\n`);
    expect(text).not.toContain("x".repeat(28));
  });
});
