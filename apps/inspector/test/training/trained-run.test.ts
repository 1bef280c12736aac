/** A run that the page trains is the run that `dnc train` trains, to the last bit. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { availableInstructionSets, configureEngine } from "@dnc/engine-wasm";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunListener, TrainedRun } from "../../src/page/training/trained-run.js";
import { dnc, inFolder, textOf, writeFiles } from "./support.js";

const preset = {
  name: "repeat-copy-small",
  settings: JSON.parse(
    await readFile(new URL("../../../../packages/settings/presets/repeat-copy-small.json", import.meta.url), "utf8"),
  ).settings,
};
const small = { memory_size: 6, hidden_size: 12, report_interval: 4, checkpoint_interval: -1 };
const quiet: RunListener = { onProgress() {}, onReport() {}, onLessonPassed() {}, wantsNetwork: false };

async function runOf(settings: Readonly<Record<string, unknown>>, of = preset): Promise<TrainedRun> {
  const engine = {
    backend: "cpu",
    engine: "wasm",
    instructionSet: availableInstructionSets()[0] ?? null,
    versions: {},
  };
  return TrainedRun.create({ preset: of, settings: { ...small, ...settings }, seed: 5 }, engine);
}

const flags = (settings: Readonly<Record<string, unknown>>) =>
  Object.entries({ ...small, seed: 5, engine: "wasm", threads: 1, ...settings }).map(
    ([name, value]) => `--${name}=${value}`,
  );

/** Trains until an iteration is done. */
async function trainUntil(run: TrainedRun, step: number): Promise<boolean> {
  let done = 0;
  const signal = {
    get aborted() {
      return done >= step;
    },
  };
  return run.train(signal, {
    ...quiet,
    onProgress: (report) => {
      done = report.step;
    },
  });
}

const steps = (metrics: string) =>
  metrics
    .trim()
    .split("\n")
    .map((line) => {
      const { iterations_per_second: _, seconds: __, ...numbers } = JSON.parse(line);
      return numbers;
    });

beforeAll(async () => {
  configureEngine({ threads: 1 });
  await tf.setBackend("cpu");
});

describe("a run of the page", () => {
  it.each([
    { num_training_iterations: 10 },
    { num_training_iterations: 10, learning_rate_schedule: "constant", optimizer: "rmsprop", momentum: 0.9 },
    { num_training_iterations: 10, learning_rate: 0.01, learning_rate_schedule: "constant" },
  ])("has the numbers of dnc train, to the last bit: %o", (settings) =>
    inFolder(async (folder) => {
      await dnc("train", "--preset=repeat-copy-small", `--checkpoint_dir=${folder}/run`, ...flags(settings));
      const run = await runOf(settings);
      expect(await run.train({ aborted: false }, quiet)).toBe(true);
      await writeFiles(join(folder, "page"), run.folder ?? {});
      for (const file of ["model.safetensors", "optimizer.safetensors"]) {
        const [ours, theirs] = await Promise.all(
          ["page", "run"].map((name) => readFile(join(folder, name, "checkpoints/step-00000010", file))),
        );
        expect(ours?.equals(theirs as Buffer), file).toBe(true);
      }
      for (const file of [
        "config.json",
        "samples/step-00000004.txt",
        "samples/step-00000010.txt",
        "checkpoints/latest",
      ])
        expect(await textOf(folder, "page", file), file).toBe(await textOf(folder, "run", file));
      expect(steps(await textOf(folder, "page/metrics.jsonl"))).toEqual(
        steps(await textOf(folder, "run/metrics.jsonl")),
      );
    }),
  );

  it("is the same in pieces as in one", async () => {
    const settings = { num_training_iterations: 12 };
    const whole = await runOf(settings);
    await whole.train({ aborted: false }, quiet);
    const pieces = await runOf(settings);
    expect(await trainUntil(pieces, 3)).toBe(false);
    expect(await trainUntil(pieces, 8)).toBe(false);
    expect(await trainUntil(pieces, 12)).toBe(true);
    expect(pieces.checkpoint?.["model.safetensors"]).toEqual(whole.checkpoint?.["model.safetensors"]);
    const metrics = (run: TrainedRun) => steps(new TextDecoder().decode(run.folder?.["metrics.jsonl"]));
    expect(metrics(pieces)).toEqual(metrics(whole));
  });

  it("is continued by dnc train --resume as if it had not been interrupted", () =>
    inFolder(async (folder) => {
      const settings = { num_training_iterations: 12 };
      const whole = await runOf(settings);
      await whole.train({ aborted: false }, quiet);
      const half = await runOf(settings);
      await trainUntil(half, 6);
      await writeFiles(join(folder, "page"), half.folder ?? {});
      await dnc(
        "train",
        `--resume=${folder}/page`,
        "--preset=repeat-copy-small",
        ...flags({ ...settings, engine: "auto" }),
      );
      const model = await readFile(join(folder, "page/checkpoints/step-00000012/model.safetensors"));
      expect(model.equals(whole.checkpoint?.["model.safetensors"] as Uint8Array)).toBe(true);
      expect(steps(await textOf(folder, "page/metrics.jsonl")).map(({ step }) => step)).toEqual([4, 8, 12]);
    }));

  it("changes its learning rate as dnc train --change does, and records it", () =>
    inFolder(async (folder) => {
      const settings = { num_training_iterations: 12 };
      await dnc(
        "train",
        "--preset=repeat-copy-small",
        `--checkpoint_dir=${folder}/run`,
        ...flags({ num_training_iterations: 5, schedule_iterations: 12 }),
      );
      const changed = { ...settings, schedule_iterations: 12, learning_rate: 0.01 };
      await dnc("train", `--resume=${folder}/run`, "--change", "--preset=repeat-copy-small", ...flags(changed));
      const run = await runOf({ ...settings, schedule_iterations: 12 });
      await trainUntil(run, 5);
      run.changeLearningRate(0.01);
      expect(await trainUntil(run, 7)).toBe(false);
      await writeFiles(join(folder, "early"), run.folder ?? {});
      await run.train({ aborted: false }, quiet);
      await writeFiles(join(folder, "page"), run.folder ?? {});
      expect(await textOf(folder, "page/config.json")).toBe(await textOf(folder, "run/config.json"));
      const model = await readFile(join(folder, "run/checkpoints/step-00000012/model.safetensors"));
      expect(model.equals(run.checkpoint?.["model.safetensors"] as Uint8Array)).toBe(true);
      // A run that was saved after the change can be resumed too.
      await dnc("train", `--resume=${folder}/early`, "--preset=repeat-copy-small", ...flags(changed));
      const resumed = await readFile(join(folder, "early/checkpoints/step-00000012/model.safetensors"));
      expect(resumed.equals(model)).toBe(true);
    }));

  it("can be resumed where it was saved before the changed learning rate took effect", () =>
    inFolder(async (folder) => {
      const settings = { num_training_iterations: 8 };
      const run = await runOf(settings);
      await trainUntil(run, 5);
      run.changeLearningRate(0.01);
      await writeFiles(folder, run.folder ?? {});
      await dnc("train", `--resume=${folder}`, "--preset=repeat-copy-small", ...flags(settings));
    }));

  it.each([
    ["settings: unknown config key", { learning_rat: 1 }],
    ["settings: learning_rate: expected a number above 0, got -1", { learning_rate: -1 }],
    ["settings: hidden_size: expected", { hidden_size: "many" }],
  ])("is refused with a sentence: %s", async (message, settings) => {
    await expect(runOf(settings)).rejects.toThrow(message);
  });

  it("refuses what needs files", async () => {
    const babi = { name: "babi-1", settings: { task: "babi" } };
    await expect(runOf({}, babi)).rejects.toThrow(/babi/);
  });

  it("refuses a learning rate that is none", async () => {
    const run = await runOf({});
    for (const rate of [0, -1, Number.NaN])
      expect(() => run.changeLearningRate(rate)).toThrow("learning_rate: expected");
  });
});
