/** `--task=shortest-path`: episodes, trained, resumed, evaluated, graded and drawn by the commands. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type EpisodeTask } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";
import { remains } from "../train-in-process.js";
import { loadSmall, NETWORK } from "./small-task.js";

const load = (...flags: readonly string[]) => loadSmall("shortest-path", flags);

/** What five episodes begin with. */
async function startsOf(...flags: readonly string[]) {
  const { source } = await load(...flags);
  const task = (await source.create({ batchSize: 5 })) as unknown as EpisodeTask;
  return task.startEpisodes(createRandom(1)).nextInputs();
}

/** Trains a small run of the preset. */
async function trainPreset(run: string, iterations: number) {
  const length = [`--num_training_iterations=${iterations}`, "--report_interval=2", "--batch_size=2"];
  const args = ["--preset=shortest-path", ...NETWORK, ...length, "--backend=cpu", `--checkpoint_dir=${run}`];
  return dnc("train", ...args, "--learning_rate_schedule=constant");
}

describe("the flags", () => {
  it("are those that docs/guide/tasks.md lists, with their defaults", async () => {
    const page = readFileSync(new URL("../../../../docs/guide/tasks.md", import.meta.url), "utf8");
    const listed = (page.split("\n| `shortest-path` |")[1]?.split("\n")[0] ?? "").match(/--\w+=[\w.]+/g) ?? [];
    expect(await startsOf(...listed)).toEqual(await startsOf());
    const unlisted = await load("--no_such_flag").catch(({ message }: Error) => message);
    const has = (unlisted as string).match(/--\w+(?=,|$)/g) as string[];
    expect(has.sort()).toEqual(listed.map((flag) => flag.split("=")[0]).sort());
  });

  it("choose the number of planning steps, also by the graph", async () => {
    const steps = async (flag: string) => (await startsOf("--min_nodes=10", "--min_degree=2", flag))?.timeSteps;
    expect([await steps("--planning_steps=0"), await steps("--planning_steps=edges")]).toEqual([22, 42]);
  });

  it.each([
    ["--max_path=9", "--max_path: expected lengths that occur in the graphs, got "],
    ["--digits=1", "--max_nodes: expected at most 9 nodes with labels of 1 digits, got 10"],
    ["--planner_probability=2", "--planner_probability: expected a number from 0 to 1, got 2"],
    ["--planning_steps=all", '--planning_steps: expected an integer of at least 0 or "edges", got "all"'],
    ["--loss=sigmoid", "--loss: expected only with a task whose loss may be replaced, got it with task shortest-path"],
    ["--lengths", "task shortest-path does not have the flag --lengths; "],
  ])("%s is refused", async (flag, message) => {
    await expect(load(flag)).rejects.toThrow(message);
  });
});

describe("a run", () => {
  it("trains, resumes to the same bits, and goes through the other commands", async () => {
    const folder = temporaryFolder();
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    const trained = await trainPreset(whole, 4);
    expect(trained.status).toBe(0);
    expect(trained.stdout).toMatch(/^\d\d -- \d\d {2}query$/m);
    await trainPreset(parts, 2);
    expect(await dnc("train", `--resume=${parts}`, "--num_training_iterations=4")).toMatchObject({ status: 0 });
    const [expected, found] = [remains(whole, 4), remains(parts, 4)];
    expect(found.model).toBe(expected.model);
    expect(found.optimizer).toBe(expected.optimizer);
    expect(found.samples).toEqual(expected.samples);

    const evaluated = JSON.parse((await dnc("eval", whole, "--sequences=20", "--json")).stdout);
    expect(evaluated).toMatchObject({ sequences: 20, task: "shortest-path" });
    expect(evaluated["within one step"]).toBeGreaterThanOrEqual(evaluated.exact_match);
    expect(evaluated["random edges"]).toBeGreaterThan(0.2);

    const graded = await dnc("grade", whole, "--json");
    const { criteria } = JSON.parse(graded.stdout);
    expect(criteria).toMatchObject([{ metric: "exact match", sequences: 1000, at_least: 0.8 }]);
    expect(criteria[0].value).toBeLessThan(0.7);
    expect(graded.status).toBe(1);

    const trace = JSON.parse((await dnc("trace", whole)).stdout);
    expect(trace.quantities.observations.shape.slice(1)).toEqual([1, 62]);
    const page = join(folder, "page.html");
    expect(await dnc("report", whole, `--out=${page}`)).toMatchObject({ status: 0 });
    expect(readFileSync(page, "utf8")).toContain("Shortest path");
  });
});
