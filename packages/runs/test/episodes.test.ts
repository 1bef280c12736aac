/** Runs on episodes, with a value network whose training is saved along. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Dnc } from "@dnc/core";
import { createRandom, miniShrdlu } from "@dnc/tasks";
import { createOptimizer, rollOut, train } from "@dnc/training";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRun, RunFolderError, resumeRun } from "../src/index.js";
import { readCheckpoint, readMetrics } from "../src/read/index.js";
import { temporaryFolder } from "./support.js";

const task = miniShrdlu({ batchSize: 2 });
const config = { task: "mini-shrdlu" };
const common = { task, config, reportInterval: 2, checkpointInterval: 2 };

function network(outputSize: number, seed: number) {
  const sizes = { hiddenSize: 6, memorySize: 4, wordSize: 4, readHeads: 1 };
  const created = new Dnc({ inputSize: task.inputSize, outputSize, ...sizes, seed });
  onTestFinished(() => created.dispose());
  return created;
}

function optimizer({ variables }: Dnc) {
  const created = createOptimizer({ type: "adam", learningRate: 0.01 }, variables);
  onTestFinished(() => created.dispose());
  return created;
}

/** Policy and value network with their optimizers. */
function createParts() {
  const [policy, value] = [network(task.targetSize, 1), network(1, 2)];
  return { network: policy, optimizer: optimizer(policy), value: { network: value, optimizer: optimizer(value) } };
}

/** Records a new run of the given number of iterations. */
async function record(folder: string, iterations: number) {
  const parts = createParts();
  const { value, ...recorded } = parts;
  const run = await createRun(folder, { ...recorded, ...common });
  await train({ ...parts, task, reportInterval: 2, checkpointInterval: 2, iterations, ...run.callbacks });
  await run.close();
  return parts;
}

function tensorsOf(folder: string, step: number) {
  const path = join(folder, `checkpoints/step-0000000${step}`);
  return ["model", "optimizer"].map((name) => readFileSync(join(path, `${name}.safetensors`), "latin1"));
}

describe("a run on episodes", () => {
  it("has reports, samples and images of episodes", async () => {
    const folder = join(temporaryFolder(), "run");
    await record(folder, 2);
    const [report] = readMetrics(folder).reports;
    expect(report?.loss).toBeLessThan(0);
    const [sample] = readdirSync(join(folder, "samples"));
    expect(readFileSync(join(folder, "samples", sample ?? ""), "utf8")).toMatch(/<- go; 1 move needed/);
  });

  it("saves the policy as its model, and the value network with what training needs", async () => {
    const folder = join(temporaryFolder(), "run");
    const { network: policy, value } = await record(folder, 2);
    const { model, optimizer: saved } = await readCheckpoint(folder, "latest");
    expect(model.map(({ name }) => name).sort()).toEqual(policy.variables.map(({ name }) => name).sort());
    const own = saved.filter(({ name }) => name.startsWith("value/network/"));
    expect(own.map(({ name }) => name.slice(14)).sort()).toEqual(
      value.network.variables.map(({ name }) => name).sort(),
    );
    for (const { name, values } of own) {
      const variable = value.network.variables.find((each) => `value/network/${each.name}` === name)?.variable;
      expect(Array.from(values)).toEqual(Array.from(variable?.dataSync() ?? []));
    }
    expect(saved.some(({ name }) => name.startsWith("value/optimizer/"))).toBe(true);
  });

  it("resumes to the last bit", async () => {
    const root = temporaryFolder();
    await record(join(root, "whole"), 4);
    await record(join(root, "parts"), 2);
    const parts = createParts();
    const run = await resumeRun(join(root, "parts"), { ...parts, ...common });
    await train({
      ...{ ...parts, task, reportInterval: 2, checkpointInterval: 2, iterations: 4 },
      ...{ state: run.state, ...run.callbacks },
    });
    await run.close();
    expect(tensorsOf(join(root, "parts"), 4)).toEqual(tensorsOf(join(root, "whole"), 4));
    const valueNetwork = parts.value.network;
    const { results } = await rollOut(parts.network, task.startEpisodes(createRandom(1)), { valueNetwork });
    expect(results.losses.every(Number.isFinite)).toBe(true);
  });

  it("cannot resume without its value network, nor with another", async () => {
    const folder = join(temporaryFolder(), "run");
    await record(folder, 2);
    const { value, ...rest } = createParts();
    await expect(resumeRun(folder, { ...rest, ...common })).rejects.toThrow(RunFolderError);
    const wide = network(2, 2);
    const wrong = { network: wide, optimizer: optimizer(wide) };
    await expect(resumeRun(folder, { ...rest, value: wrong, ...common })).rejects.toThrow(/value\/network|expected/);
  });
});
