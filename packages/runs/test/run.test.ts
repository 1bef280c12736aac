/** Tests runs as a user of the library records them: `train` with the callbacks of a run. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Dnc } from "@dnc/core";
import { copy } from "@dnc/tasks";
import { type CurriculumProgress, createOptimizer, lessons, RmsProp, type TrainingReport, train } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRun, loadRun, RunFolderError, resumeRun } from "../src/index.js";
import { readCheckpoint, readMetrics } from "../src/read/index.js";
import { config, createParts, task } from "./small-run.js";
import { temporaryFolder } from "./support.js";

/** Records a new run of the given number of iterations. */
async function record(folder: string, iterations: number): Promise<void> {
  const parts = createParts();
  const run = await createRun(folder, { ...parts, config });
  await train({ ...parts, iterations, ...run.callbacks });
  await run.close();
}

/** Leaves times out of JSON that is read. */
const withoutTimes = (key: string, value: unknown) => (/^(seconds|iterationsPerSecond)$/.test(key) ? undefined : value);

/** Reads the files of a run, without times. */
function contentsOf(run: string, step: number) {
  const checkpoint = join(run, `checkpoints/step-${String(step).padStart(8, "0")}`);
  const { sha256: _, ...state } = JSON.parse(readFileSync(join(checkpoint, "state.json"), "utf8"), withoutTimes);
  const records = readMetrics(run).reports.map(({ seconds, iterations_per_second, ...rest }) => rest);
  const names = readdirSync(run).filter((name) => !name.startsWith("events."));
  const samples = readdirSync(join(run, "samples")).map((name) => readFileSync(join(run, "samples", name), "utf8"));
  const tensors = ["model", "optimizer"].map((name) => readFileSync(join(checkpoint, `${name}.safetensors`), "latin1"));
  return { state, records, names, samples, tensors, config: readFileSync(join(run, "config.json"), "utf8") };
}

describe("a run that `train` records", () => {
  it("leaves reports, samples, checkpoints and events, and no lock", async () => {
    const folder = join(temporaryFolder(), "run");
    await record(folder, 8);
    expect(readdirSync(folder).filter((name) => !name.startsWith("events."))).toEqual([
      ...["checkpoints", "config.json", "metrics.jsonl", "samples"],
    ]);
    expect(readdirSync(folder).filter((name) => name.startsWith("events."))).toHaveLength(1);
    expect(readMetrics(folder).reports.map(({ step }) => step)).toEqual([4, 8]);
    const steps = [3, 6, 8].map((step) => `step-0000000${step}`);
    expect(readdirSync(join(folder, "checkpoints"))).toEqual(["best", "latest", ...steps]);
    const { state } = contentsOf(folder, 8);
    expect(state).toMatchObject({ step: 8, seed: 1, backend: tf.getBackend(), instruction_set: null, config });
    expect(Object.keys(state.versions)).toEqual(["@dnc/runs", "@dnc/core", "@dnc/tasks", "@dnc/training", "node"]);
  });

  it.each([
    [{ config: undefined as never }, TypeError, "config: expected an object, got undefined"],
    [{ task: "copy" as never }, TypeError, "task: expected an object, got copy"],
    [{ seed: 2 ** 31 }, RangeError, "seed: expected a whole number from 0 to 2147483647, got 2147483648"],
    [{ keepCheckpoints: 0 }, RangeError, "keepCheckpoints: expected a whole number of at least 1, got 0"],
  ])("is not created with %o", async (wrong, Kind, message) => {
    const folder = temporaryFolder();
    const options = { ...createParts(), config, ...wrong };
    await expect(createRun(join(folder, "run"), options)).rejects.toThrow(new Kind(message));
    expect(readdirSync(folder)).toEqual([]);
  });

  it("gets a folder in runs/ if none is named", async () => {
    const before = process.cwd();
    process.chdir(temporaryFolder());
    onTestFinished(() => process.chdir(before));
    const run = await createRun(undefined, { ...createParts(), config, seed: 7 });
    await run.close();
    expect(run.folder).toMatch(/^runs\/copy-\d{8}-\d{6}-seed7$/);
  });

  it("resumes to the last bit, from the newest intact checkpoint", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await record(one, 9);
    for (const [iterations, checkpoint] of [
      [2, 2],
      [7, 6],
    ]) {
      const run = `${two}-${iterations}`;
      await record(run, iterations);
      // What was reported after the checkpoint is recorded again.
      if (checkpoint === 6) truncateSync(join(run, "checkpoints/step-00000007/model.safetensors"), 10);
      const notices: string[] = [];
      const parts = createParts();
      const resumed = await resumeRun(run, { ...parts, config, onNotice: (text) => notices.push(text) });
      expect(resumed.state?.step).toBe(checkpoint);
      await train({ ...parts, iterations: 9, state: resumed.state, ...resumed.callbacks });
      await resumed.close();
      expect(contentsOf(run, 9)).toEqual(contentsOf(one, 9));
      expect(notices).toHaveLength(checkpoint === 6 ? 1 : 0);
    }
  });

  it.each([
    [{ type: "rmsprop", learningRate: 0.01, momentum: 0.9 }, false],
    [{ type: "adam", learningRate: 0.01 }, false],
    [{ type: "adam", learningRate: 0.01 }, true],
  ] as const)("resumes to the last bit with %j, state carried: %s", async (which, carryState) => {
    const folder = temporaryFolder();
    const create = () => {
      const { optimizer: _, ...parts } = createParts();
      const optimizer = createOptimizer(which, parts.network.variables);
      onTestFinished(() => optimizer.dispose());
      return { ...parts, optimizer };
    };
    const record = async (name: string, iterations: number) => {
      const parts = create();
      const run = await createRun(join(folder, name), { ...parts, config });
      await train({ ...parts, carryState, iterations, ...run.callbacks });
      await run.close();
    };
    await record("one", 7);
    await record("two", 4);
    const parts = create();
    const run = await resumeRun(join(folder, "two"), { ...parts, config });
    expect(run.state?.carriedState !== undefined).toBe(carryState);
    await train({ ...parts, carryState, iterations: 7, state: run.state, ...run.callbacks });
    await run.close();
    expect(contentsOf(join(folder, "two"), 7)).toEqual(contentsOf(join(folder, "one"), 7));
    const { optimizer } = await readCheckpoint(join(folder, "one"), "latest");
    const names = optimizer.map(({ name }) => name);
    expect(names.includes("carried/memory")).toBe(carryState);
    expect(names.some((name) => name === "adam/steps")).toBe(which.type === "adam");
    expect(names.includes("momentum/dnc/lstm/w_gates")).toBe(which.type === "rmsprop");
  });

  it("resumes to the last bit within and after a lesson, and records the lesson", async () => {
    const folder = temporaryFolder();
    const tasks = [1, 2].map((maxLength) => copy({ batchSize: 2, numBits: 2, maxLength }));
    const promotion = { metric: "loss", atMost: 50, every: 5 } as const;
    const curriculum = lessons({ lessons: tasks, promotion, earlier: 0.5 });
    const trainTo = async (name: string, iterations: number, resumes: boolean) => {
      const parts = createParts();
      const options = { ...parts, config, task: tasks[1] };
      const run = await (resumes ? resumeRun : createRun)(join(folder, name), options);
      await train({ ...parts, task: curriculum, iterations, state: run.state, ...run.callbacks });
      await run.close();
    };
    await trainTo("one", 12, false);
    const whole = contentsOf(join(folder, "one"), 9);
    expect(whole.records.map(({ lesson, lesson_began }) => [lesson, lesson_began])).toEqual([
      ...[
        [1, 0],
        [2, 5],
        [2, 5],
      ],
    ]);
    expect(whole.state.lessons).toMatchObject({ passed: [5], decided: 5 });
    for (const step of [2, 3, 5, 6, 8, 11]) {
      await trainTo(`${step}`, step, false);
      await trainTo(`${step}`, 12, true);
      expect(contentsOf(join(folder, `${step}`), 12)).toEqual(contentsOf(join(folder, "one"), 12));
    }
  });

  it("gives a curriculum that is a function the last report, also after it was resumed", async () => {
    const folder = temporaryFolder();
    const trainTo = async (name: string, iterations: number, resumes: boolean) => {
      const parts = createParts();
      const run = await (resumes ? resumeRun : createRun)(join(folder, name), { ...parts, config });
      const seen: unknown[] = [];
      const pick = ({ step, report }: CurriculumProgress) => {
        const { seconds: _, iterationsPerSecond: __, ...rest } = report ?? ({} as TrainingReport);
        seen.push({ before: step, ...rest });
        return task;
      };
      await train({ ...parts, task: pick, iterations, state: run.state, ...run.callbacks });
      await run.close();
      return seen.slice(1); // the first call asks for the loss
    };
    const whole = await trainTo("one", 9, false);
    expect(whole.at(-1)).toMatchObject({ before: 8, step: 8, iterations: 4, learningRate: 0.01 });
    for (const step of [3, 4, 6]) {
      await trainTo(`${step}`, step, false);
      expect(await trainTo(`${step}`, 9, true)).toEqual(whole.slice(step));
      expect(contentsOf(join(folder, `${step}`), 9)).toEqual(contentsOf(join(folder, "one"), 9));
    }
  });

  it("can be resumed in a copy, but not inside its own folder", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await record(one, 6);
    const before = contentsOf(one, 6);
    const parts = createParts();
    await expect(resumeRun(one, { ...parts, config, copyTo: join(one, "copy") })).rejects.toThrow(
      new RunFolderError(`copyTo: expected a folder outside of the run in ${one}, got ${join(one, "copy")}`),
    );
    const run = await resumeRun(one, { ...parts, config, copyTo: two });
    await train({ ...parts, iterations: 8, state: run.state, ...run.callbacks });
    await run.close();
    expect(contentsOf(one, 6)).toEqual(before);
    expect(readMetrics(two).reports.map(({ step }) => step)).toEqual([4, 8]);
  });

  it("is not resumed by two processes, nor if another has resumed it since it was read", async () => {
    const folder = join(temporaryFolder(), "run");
    await record(folder, 6);
    const saved = await loadRun(folder);
    const parts = createParts();
    const options = { ...parts, config };
    const run = await resumeRun(folder, options);
    await expect(saved.resume(options)).rejects.toThrow(`${folder}: another run is writing there (process`);
    await train({ ...parts, iterations: 8, state: run.state, ...run.callbacks });
    await run.close();
    await expect(saved.resume(options)).rejects.toThrow(
      `${folder}: another process has written there meanwhile; nothing was changed, try again`,
    );
  });

  it("refuses a checkpoint of another network, and one that is missing", async () => {
    const folder = join(temporaryFolder(), "run");
    await record(folder, 6);
    const other = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 1 });
    const optimizer = new RmsProp(other.variables);
    onTestFinished(() => [other, optimizer].forEach((each) => void each.dispose()));
    const saved = await loadRun(folder);
    expect(() => saved.restore({ network: other, optimizer })).toThrow(RunFolderError);
    writeFileSync(join(folder, "metrics.jsonl"), readFileSync(join(folder, "metrics.jsonl"), "utf8").repeat(2));
    truncateSync(join(folder, "checkpoints/step-00000003/state.json"), 0);
    truncateSync(join(folder, "checkpoints/step-00000006/state.json"), 0);
    await expect(loadRun(folder)).rejects.toThrow("expected an intact checkpoint, got none");
  });
});
