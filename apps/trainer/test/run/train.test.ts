import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunFailedError } from "@dnc/runs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/flags/settings.js";
import { train } from "../../src/run/train.js";
import { createRun, decodeSafetensors, SILENT, smallSettings } from "../support.js";

const metricsOf = (path: string) =>
  readFileSync(join(path, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Reads all files of a run, without times and their hash. */
function timeless(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/^(lock$|events\.)/.test(entry.name),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const content = readFileSync(file, "latin1");
      return [
        file.slice(path.length),
        content.replaceAll(/"(seconds|iterations_?[pP]er_?[sS]econd|state.json)":[^,}]*/g, ""),
      ];
    }),
  );
}

const valuesOf = ({ network, optimizer }: Pick<Awaited<ReturnType<typeof createRun>>, "network" | "optimizer">) =>
  [...network.variables, ...optimizer.variables].map(({ variable }) => Array.from(variable.dataSync()));
describe("train", () => {
  it("reports, samples and saves at the intervals and at the end", async () => {
    const settings = smallSettings({ num_training_iterations: "5", report_interval: "2", checkpoint_interval: "4" });
    const run = await createRun(settings);
    const outcome = await train(run);
    const { folder: path } = run.run;
    const metrics = metricsOf(path);
    expect(metrics.map(({ step, iterations }) => [step, iterations])).toEqual([
      [2, 2],
      [4, 2],
      [5, 1],
    ]);
    expect(outcome.firstReport).toEqual(metrics[0]);
    expect(outcome.lastReport).toEqual(metrics[2]);
    expect(readdirSync(join(path, "samples"))).toEqual(["step-00000002.txt", "step-00000004.txt", "step-00000005.txt"]);
    expect(readFileSync(join(path, metrics[0].sample), "utf8")).toMatch(
      /^Observations:\n[\s\S]+Targets:\n[\s\S]+Model Output:\n/,
    );
    expect(readdirSync(join(path, "checkpoints"))).toEqual(["best", "latest", "step-00000004", "step-00000005"]);
    expect(outcome.checkpoint).toBe(join(path, "checkpoints/step-00000005"));
    const { tensors } = decodeSafetensors(readFileSync(join(outcome.checkpoint, "model.safetensors")));
    expect([...tensors.keys()]).toEqual(run.network.variables.map(({ name }) => name));
    for (const { name, variable } of run.network.variables) {
      expect(tensors.get(name)).toMatchObject({ shape: variable.shape, values: Array.from(variable.dataSync()) });
    }
    const optimizer = decodeSafetensors(readFileSync(join(outcome.checkpoint, "optimizer.safetensors")));
    expect([...optimizer.tensors.keys()]).toEqual(run.network.variables.map(({ name }) => `rms/${name}`));
    const slots = [...optimizer.tensors.values()].flatMap(({ values }) => values);
    // They start at 1, and with small gradients they decrease by a tenth each time.
    expect(Math.min(...slots)).toBeCloseTo(0.9 ** 5, 4);
    const state = JSON.parse(readFileSync(join(outcome.checkpoint, "state.json"), "utf8"));
    expect(state).toMatchObject({ step: 5, seed: 1, random: run.training.state.random });
  });

  it("is determined by its seed, to the last bit", async () => {
    const run = async (seed: string) => {
      const settings = smallSettings({ seed, num_training_iterations: "6", report_interval: "3" });
      const parts = await createRun(settings);
      await train(parts);
      return timeless(parts.run.folder);
    };
    const [first, again, other] = [await run("7"), await run("7"), await run("8")];
    expect(again).toEqual(first);
    const changed = Object.keys(first).filter((file) => first[file] !== other[file]);
    expect(changed).toContain("/metrics.jsonl");
    expect(changed).toContain("/checkpoints/step-00000006/model.safetensors");
  });

  it("learns the same however often it reports and saves", async () => {
    const weights = async (report_interval: string, checkpoint_interval: string) => {
      const settings = smallSettings({ num_training_iterations: "6", report_interval, checkpoint_interval });
      const { checkpoint } = await train(await createRun(settings));
      return readFileSync(join(checkpoint, "model.safetensors"));
    };
    expect(await weights("1", "2")).toEqual(await weights("100", "-1"));
  });

  it("stops on request, with everything saved", async () => {
    let asked = 0;
    const settings = smallSettings({ num_training_iterations: "100" });
    const run = await createRun(settings, { shouldStop: () => asked++ === 3 });
    const outcome = await train(run);
    expect(outcome.step).toBe(3);
    expect(metricsOf(run.run.folder)).toMatchObject([{ step: 3, iterations: 3 }]);
    expect(readdirSync(outcome.checkpoint)).toContain("model.safetensors");
  });

  it.each([
    ["the kernel", true],
    ["ops", false],
  ])("stops at NaN with %s, applies and saves nothing, names the last good checkpoint", async (_name, engine) => {
    const settings = smallSettings({ num_training_iterations: "10", report_interval: "2", checkpoint_interval: "3" });
    let calls = 0;
    let before: unknown;
    const run = await createRun(
      settings,
      {},
      {
        engine,
        // The fifth iteration gets NaN weights.
        changeTask: (task, { network, training }) => ({
          ...task,
          sampleBatch(random, options) {
            if (++calls < 5) return task.sampleBatch(random, options);
            // Its awaited calls complete immediately here, before the next line.
            void training.writeToVariables();
            const [{ variable }] = network.variables;
            tf.tidy(() => variable.assign(tf.fill(variable.shape, Number.NaN)));
            void training.trainer?.readFromVariables();
            before = valuesOf(run);
            return task.sampleBatch(random, options);
          },
        }),
      },
    );
    expect(run.training.trainer !== undefined).toBe(engine);
    const error = await train(run).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunFailedError);
    const good = join(run.run.folder, "checkpoints/step-00000003");
    const { message } = error as RunFailedError;
    expect(message).toContain("the loss of iteration 5 is NaN; training stopped");
    expect(message).toContain(`last good checkpoint: ${good}`);
    for (const { name } of run.network.variables) expect(message).toContain(name);
    expect(metricsOf(run.run.folder).at(-1)).toMatchObject({
      step: 5,
      error: "the loss of iteration 5 is NaN",
      loss: "NaN",
      last_good_checkpoint: good,
    });
    expect(readdirSync(join(run.run.folder, "checkpoints"))).toEqual(["best", "latest", "step-00000003"]);
    expect(valuesOf(run)).toEqual(before);
  });

  it("does not save weights that are not finite, and reports them first", async () => {
    const run = await createRun(smallSettings({ num_training_iterations: "1" }), {}, { engine: false });
    const reporter = {
      ...SILENT,
      report: () => {
        const { variable } = run.network.variables[3];
        variable.assign(tf.fill(variable.shape, Number.POSITIVE_INFINITY));
      },
    };
    const error = await train({ ...run, reporter }).catch((reason: unknown) => reason);
    const { message } = error as RunFailedError;
    const lines = message.split("\n");
    expect(lines[0]).toMatch(new RegExp(`^${run.network.variables[3].name} is not finite after iteration 1;`));
    expect(lines[3]).toMatch(new RegExp(`^  ${run.network.variables[3].name} +Infinity$`));
    expect(message).toContain("last good checkpoint: none was written; --checkpoint_interval says how often one is");
    expect(message).not.toContain("overwritten");
    expect(readdirSync(join(run.run.folder, "checkpoints"))).toEqual([]);
  });

  it("keeps the number of tensors constant from iteration to iteration, reports and checkpoints included", async () => {
    const counts: number[] = [];
    const reporter = { ...SILENT, progress: () => counts.push(tf.memory().numTensors) };
    const settings = readSettings({ num_training_iterations: "4", report_interval: "2", checkpoint_interval: "2" });
    for (const engine of [true, false]) {
      counts.length = 0;
      await train(await createRun(settings, { reporter }, { engine }));
      expect(counts).toHaveLength(4);
      expect(new Set([...counts, tf.memory().numTensors]).size).toBe(1);
    }
  });

  // An untrained network has a loss of 2 steps x 3 bits x ln 2 = 4.16.
  it("learns to copy two bits", async () => {
    const settings = smallSettings({
      seed: "1",
      hidden_size: "16",
      batch_size: "4",
      max_length: "1",
      max_repeats: "1",
      learning_rate: "0.01",
      num_training_iterations: "200",
      report_interval: "50",
    });
    const { lastReport } = await train(await createRun(settings));
    expect(lastReport?.loss).toBeLessThan(1.4);
    expect(lastReport?.exact_match).toBeGreaterThan(0.5);
  });

  it.each([
    { controller: "deep-lstm" },
    { controller: "gru" },
    { controller: "feed-forward" },
    { task: "copy" },
    { clip_value: "0" },
    { num_write_heads: "2", num_read_heads: "2" },
  ])("trains with %o", async (words) => {
    const outcome = await train(await createRun(smallSettings({ ...words, num_training_iterations: "2" })));
    expect(outcome.step).toBe(2);
  });
});
