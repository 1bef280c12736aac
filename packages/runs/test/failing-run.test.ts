/** Tests runs that fail while `train` records them. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type Task } from "@dnc/tasks";
import { createTraining, DivergenceError, train } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRun, RunFailedError, RunWriteError } from "../src/index.js";
import { config, createParts, task } from "./small-run.js";
import { temporaryFolder } from "./support.js";

describe("a run that fails", () => {
  /** Returns the task, with a failure when the given batch is sampled. */
  const failingAt = (batch: number, fail: () => void): Task => {
    let count = 0;
    const sampleBatch: Task["sampleBatch"] = (random, options) => {
      if (++count === batch) fail();
      return task.sampleBatch(random, options);
    };
    return { ...task, sampleBatch };
  };

  it("is saved at its last iteration, and the error names the last checkpoint", async () => {
    const folder = join(temporaryFolder(), "run");
    const parts = createParts();
    const failing = failingAt(6, () => {
      throw new Error("out of\nmemory");
    });
    const run = await createRun(folder, { ...parts, config });
    const training = await createTraining({ ...parts, task: failing, iterations: 9, random: createRandom(1) });
    onTestFinished(() => training.dispose());
    const reason = await training.run(run.callbacks).catch((error: unknown) => error);
    const error = await run.fail(reason, training);
    await run.close();
    expect(error).toBeInstanceOf(RunFailedError);
    const lastCheckpoint = join(folder, "checkpoints/step-00000005");
    expect(error).toMatchObject({ cause: reason, step: 5, folder, lastCheckpoint, record: undefined });
    expect(error.message).toBe(
      `the run ended after iteration 5: out of memory\nlast good checkpoint: ${lastCheckpoint}`,
    );
    // A run that has failed already returns the same error.
    expect(await run.fail(error)).toBe(error);
  });

  it("by diverging has a record in metrics.jsonl, and saves nothing", async () => {
    const folder = join(temporaryFolder(), "run");
    const parts = createParts();
    const setNaN = () => {
      const [{ variable }] = parts.network.variables;
      tf.tidy(() => variable.assign(tf.fill(variable.shape, Number.NaN)));
    };
    const run = await createRun(folder, { ...parts, config });
    const options = { ...parts, task: failingAt(5, setNaN), engine: false, iterations: 9, ...run.callbacks };
    const reason = await train(options).catch((thrown: unknown) => thrown);
    expect(reason).toBeInstanceOf(DivergenceError);
    const error = await run.fail(reason);
    await run.close();
    expect(error.cause).toBe(reason);
    expect(error.message).toMatch(/^the loss of iteration 5 is NaN; training stopped\ngradient norm: NaN\n/);
    const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) as string)).toEqual(error.record);
    expect(error.record).toMatchObject({ step: 5, loss: "NaN", last_good_checkpoint: error.lastCheckpoint });
    expect(readdirSync(join(folder, "checkpoints"))).toEqual(["best", "latest", "step-00000003"]);
  });

  it("reports a folder that cannot be written at the next iteration, or when it is closed", async () => {
    const folder = join(temporaryFolder(), "run");
    const parts = createParts();
    const run = await createRun(folder, { ...parts, config });
    rmSync(join(folder, "checkpoints"), { recursive: true });
    writeFileSync(join(folder, "checkpoints"), "");
    const options = { ...parts, reportInterval: 100, iterations: 3, ...run.callbacks };
    await train(options);
    await expect(run.close()).rejects.toBeInstanceOf(RunWriteError);
    expect(readdirSync(folder)).not.toContain("lock");
  });
});
