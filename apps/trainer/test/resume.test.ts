import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { loadNetwork } from "@dnc/checkpoint/node/network";
import type { Dnc } from "@dnc/core";
import { configureEngine } from "@dnc/engine-wasm";
import type { CommandLineWords } from "@dnc/settings";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { openNetwork } from "../src/commands/open-network.js";
import { readTrainedRun } from "../src/flags/gate.js";
import { isUsageError } from "../src/usage-error.js";
import { SMALL, temporaryFolder } from "./support.js";
import { dncTrain, remains } from "./train-in-process.js";

afterEach(() => configureEngine({}));

const words = { ...SMALL, seed: "5", report_interval: "4" };

describe("a run that is stopped and resumed", () => {
  it.each([
    {},
    { threads: "1" },
    { controller: "deep-lstm" },
    { controller: "feed-forward", num_write_heads: "2" },
    { controller: "gru" },
    { initial_memory: "random" },
    { task: "copy", clip_value: "0" },
    { checkpoint_interval: "3", keep_checkpoints: "2" },
  ] as CommandLineWords[])("is bit-identical to an uninterrupted run, with %o", async (change) => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await dncTrain({ ...words, ...change, num_training_iterations: "14", checkpoint_dir: one });
    await dncTrain({ ...words, ...change, num_training_iterations: "6", checkpoint_dir: two });
    // The number of threads is not part of the run.
    await dncTrain({ resume: two, num_training_iterations: "14", threads: "3" });
    expect(remains(two, 14)).toEqual(remains(one, 14));
  });

  it("goes on with the same command, also if the number of sequences in a batch is the task's", async () => {
    const run = join(temporaryFolder(), "run");
    const { batch_size: _, num_bits: __, ...others } = words;
    const command = { ...others, task: "key-value", checkpoint_dir: run };
    await dncTrain({ ...command, num_training_iterations: "2" });
    await dncTrain({ ...command, num_training_iterations: "3" });
    expect(remains(run, 3).state.step).toBe(3);
    await expect(dncTrain({ ...command, num_training_iterations: "4", batch_size: "3" })).rejects.toThrow(
      /batch_size {2}16 recorded, 3 requested$/,
    );
  });

  it("begins with the same random memory wherever it is opened, also if its seed was drawn", async () => {
    const run = join(temporaryFolder(), "run");
    const { seed: _, ...drawn } = words;
    await dncTrain({ ...drawn, initial_memory: "random", num_training_iterations: "2", checkpoint_dir: run });
    const { config } = await readTrainedRun(run, () => {}, {});
    const opened = await openNetwork(run, config, { checkpoint: "latest", backend: "cpu" });
    const loaded = (await loadNetwork(run)) as Dnc;
    const memories = [opened.network as Dnc, loaded].map((network) => {
      const state = network.initialState(2);
      const values = [...(state.access as { memory: tf.Tensor }).memory.dataSync()];
      tf.dispose(state);
      network.dispose();
      return values;
    });
    expect(memories[1]).toEqual(memories[0]);
    expect(new Set(memories[0]).size).toBeGreaterThan(10);
  });

  it("is bit-identical wherever and however often it is stopped, by a signal or at its end", async () => {
    const folder = temporaryFolder();
    const one = join(folder, "one");
    await dncTrain({ ...words, num_training_iterations: "20", checkpoint_dir: one });
    const expected = remains(one, 20);
    const stops = fc.uniqueArray(fc.integer({ min: 1, max: 19 }), { minLength: 1, maxLength: 4 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(stops, fc.boolean(), async (steps, bySignal) => {
        const run = join(folder, `run-${count++}`);
        let done = 0;
        for (const step of [...steps, 20].sort((a, b) => a - b)) {
          const iterations = bySignal ? "20" : String(step);
          await dncTrain({ ...words, num_training_iterations: iterations, checkpoint_dir: run }, step - done);
          done = step;
        }
        expect(remains(run, 20)).toEqual(expected);
      }),
      { seed: 1, numRuns: 15 },
    );
  });

  it("starts again if it ended before its first checkpoint", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    for (const run of [one, two]) await dncTrain({ ...words, num_training_iterations: "6", checkpoint_dir: run });
    rmSync(join(two, "checkpoints"), { recursive: true });
    appendFileSync(join(two, "metrics.jsonl"), '{"step":9');
    expect(await dncTrain({ resume: two })).toEqual([`${two} has no checkpoint yet: its run begins again`]);
    expect(remains(two, 6)).toEqual(remains(one, 6));
  });

  it("skips and reports a damaged checkpoint, and still ends with the same bits", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    const often = { ...words, checkpoint_interval: "2" };
    await dncTrain({ ...often, num_training_iterations: "8", checkpoint_dir: one });
    await dncTrain({ ...often, num_training_iterations: "6", checkpoint_dir: two });
    truncateSync(join(two, "checkpoints/step-00000006/model.safetensors"), 1000);
    const [notice, ...others] = await dncTrain({ resume: two, num_training_iterations: "8" });
    expect(notice).toMatch(
      /^damaged checkpoint skipped: step-00000006: .*; resuming from step-00000004, the damaged one is kept$/,
    );
    expect(others).toEqual([]);
    expect(statSync(join(two, "checkpoints/step-00000006.aside/model.safetensors")).size).toBe(1000);
    expect(remains(two, 8)).toEqual(remains(one, 8));
  });

  it("can be resumed in another folder without changing the original", async () => {
    const folder = temporaryFolder();
    const [one, two, three] = ["one", "two", "three"].map((name) => join(folder, name));
    await dncTrain({ ...words, num_training_iterations: "8", checkpoint_dir: one });
    await dncTrain({ ...words, num_training_iterations: "6", checkpoint_dir: two });
    const before = remains(two, 6);
    await dncTrain({ resume: two, checkpoint_dir: three, num_training_iterations: "8" });
    expect(remains(three, 8)).toEqual(remains(one, 8));
    expect(remains(two, 6)).toEqual(before);
    await expect(dncTrain({ resume: two, checkpoint_dir: three })).rejects.toThrow(
      `--checkpoint_dir: expected a new folder for the run in ${two}, got ${three}, which holds one`,
    );
  });

  it("keeps its instruction set, on which the last bits depend", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    const withSimd = async (run: string, iterations: string) => {
      await dncTrain({ ...words, num_training_iterations: "1", checkpoint_dir: run });
      const checkpoint = join(run, "checkpoints/step-00000001");
      // As a machine without relaxed SIMD saved it before there was another engine.
      const { rewriteState } = await import("./rewrite-state.js");
      await rewriteState(checkpoint, { engine: undefined, instruction_set: "simd" });
      return dncTrain({ resume: run, num_training_iterations: iterations });
    };
    await withSimd(one, "9");
    expect(remains(one, 9).state).toMatchObject({ engine: "wasm", instruction_set: "simd" });
    await withSimd(two, "4");
    await dncTrain({ resume: two, num_training_iterations: "9" });
    expect(remains(two, 9)).toEqual(remains(one, 9));
  });

  it("has no more tensors at its end than before its start", async () => {
    const run = join(temporaryFolder(), "run");
    const before = tf.memory().numTensors;
    await dncTrain({ ...words, num_training_iterations: "2", checkpoint_dir: run });
    await dncTrain({ resume: run, num_training_iterations: "4" });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("a run that cannot be resumed", () => {
  it.each([
    [
      { memory_size: "5" },
      /^.*run holds a run of other parameters; nothing was changed there:\n {2}memory_size {2}4 recorded, 5 requested$/,
    ],
    [
      { num_training_iterations: "3" },
      /^--num_training_iterations: expected at least 4, which the run has done, got 3$/,
    ],
  ])("is refused with %o, and nothing changes", async (change, message) => {
    const run = join(temporaryFolder(), "run");
    await dncTrain({ ...words, num_training_iterations: "4", checkpoint_dir: run });
    const copy = `${run}-copy`;
    cpSync(run, copy, { recursive: true });
    const error = await dncTrain({ resume: run, ...change }).catch((reason: unknown) => reason);
    expect(error).toSatisfy(isUsageError);
    expect((error as Error).message).toMatch(message);
    expect(remains(run, 4)).toEqual(remains(copy, 4));
    expect(existsSync(join(run, "lock"))).toBe(false);
  });

  it("is a folder without a run", async () => {
    const folder = temporaryFolder();
    await expect(dncTrain({ resume: folder })).rejects.toThrow(
      `--resume: expected the folder of a run, got ${folder}, which has no config.json`,
    );
    writeFileSync(join(folder, "config.json"), "{}");
    await expect(dncTrain({ resume: folder })).rejects.toSatisfy(isUsageError);
  });

  it("is one whose config.json was changed afterwards", async () => {
    const run = join(temporaryFolder(), "run");
    await dncTrain({ ...words, num_training_iterations: "4", checkpoint_dir: run });
    const file = join(run, "config.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"hidden_size": 8', '"hidden_size": 9'));
    await expect(dncTrain({ resume: run })).rejects.toThrow(/hidden_size {2}8 recorded, 9 requested$/);
  });
});
