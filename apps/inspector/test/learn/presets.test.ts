import { availableInstructionSets, configureEngine } from "@dnc/engine-wasm";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { PRESETS } from "../../src/page/learn/presets.js";
import { loadRequest } from "../../src/page/training/run-request.js";
import { TrainedRun } from "../../src/page/training/trained-run.js";

const offered = PRESETS.filter(({ unavailable }) => unavailable === undefined);

beforeAll(async () => {
  configureEngine({ threads: 1 });
  await tf.setBackend("cpu");
});

it("offers the presets that were run and need no files", () => {
  expect(offered.length).toBeGreaterThan(15);
  expect(offered.every(({ minutes }) => minutes !== null)).toBe(true);
  const reasons = Object.fromEntries(PRESETS.map(({ name, unavailable }) => [name, unavailable]));
  expect(reasons["babi-1"]).toBe("needs the files of bAbI");
  expect(reasons["babi-1-generated"]).toBeUndefined();
  expect(reasons.inference).toBe("too long to have been run");
});

it.each(offered)("$name can be trained in a page", async ({ name, settings }) => {
  const { config } = await loadRequest({ preset: { name, settings }, settings: {}, seed: 1 });
  expect(config.training.iterations).toBe(settings.num_training_iterations);
});

// A policy with its value network, lessons, words, and a run that ends at an exact match.
it.each(["mini-shrdlu", "big-repeat-copy", "babi-1-generated", "key-value"])("%s trains, and resumes", async (name) => {
  const { settings } = offered.find((preset) => preset.name === name) as (typeof offered)[number];
  const engine = {
    backend: "cpu",
    engine: "wasm",
    instructionSet: availableInstructionSets()[0] ?? null,
    versions: {},
  };
  const small = {
    hidden_size: 8,
    memory_size: 4,
    batch_size: 2,
    num_training_iterations: 4,
    report_interval: 2,
    checkpoint_interval: -1,
  };
  const request = { preset: { name, settings }, settings: small, seed: 1 };
  const listener = { onProgress() {}, onReport() {}, onLessonPassed() {}, wantsNetwork: false };
  const whole = await TrainedRun.create(request, engine);
  await whole.train({ aborted: false }, listener);
  const run = await TrainedRun.create(request, engine);
  let step = 0;
  const signal = {
    get aborted() {
      return step >= 2;
    },
  };
  const onProgress = (report: { readonly step: number }) => {
    step = report.step;
  };
  expect(await run.train(signal, { ...listener, onProgress })).toBe(false);
  expect(await run.train({ aborted: false }, listener)).toBe(true);
  expect(run.checkpoint?.["model.safetensors"]).toEqual(whole.checkpoint?.["model.safetensors"]);
  expect(run.checkpoint?.["optimizer.safetensors"]).toEqual(whole.checkpoint?.["optimizer.safetensors"]);
});
