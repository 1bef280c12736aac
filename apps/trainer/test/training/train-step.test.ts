import { createRandom } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCore, createTask } from "../../src/model.js";
import { clipByGlobalNorm } from "../../src/training/clip-by-global-norm.js";
import { lossAndGradients } from "../../src/training/loss-and-gradients.js";
import { RmsProp } from "../../src/training/rms-prop.js";
import { trainStep } from "../../src/training/train-step.js";
import { smallSettings } from "../support.js";

function smallTraining(maxGradNorm = 50) {
  const settings = smallSettings();
  const task = createTask(settings);
  const core = createCore(settings, task, 3);
  const optimizer = new RmsProp(core.variables, { learningRate: 0.01 });
  const batch = task.sample(createRandom(5));
  onTestFinished(() => {
    core.dispose();
    optimizer.dispose();
    tf.dispose(batch);
  });
  return { core, task, optimizer, maxGradNorm, batch };
}

const valuesOf = (core: ReturnType<typeof smallTraining>["core"]) =>
  core.variables.map(({ variable }) => Array.from(variable.dataSync()));

describe("lossAndGradients", () => {
  it("agrees with central differences", () => {
    const { core, task, batch } = smallTraining();
    const { gradients, ...rest } = lossAndGradients(core, task, batch);
    const index = core.variables.findIndex(({ name }) => name === "dnc/output_linear/b");
    const { variable } = core.variables[index];
    const original = variable.dataSync().slice();
    const lossAt = (position: number, offset: number) => {
      const moved = original.slice();
      moved[position] += offset;
      variable.assign(tf.tensor(moved, variable.shape));
      const result = lossAndGradients(core, task, batch);
      const [loss] = result.loss.dataSync();
      tf.dispose(result);
      return loss;
    };
    const h = 1e-2;
    const differences = Array.from(original, (_, position) => (lossAt(position, h) - lossAt(position, -h)) / (2 * h));
    expect(gradients[index]).toBeAllClose(differences, { absolute: 1e-3, relative: 1e-3 });
    tf.dispose([gradients, rest]);
  });

  it("gives zeros where the loss does not depend on a variable", () => {
    const { core, batch } = smallTraining();
    const bias = core.variables.find(({ name }) => name === "dnc/output_linear/b");
    const task = { cost: (logits: tf.Tensor3D) => tf.sum(tf.mul(logits, tf.zerosLike(logits))) as tf.Scalar };
    const onlyBias = { cost: () => tf.sum(tf.square(bias?.variable as tf.Tensor)) as tf.Scalar };
    for (const each of [task, onlyBias]) {
      const result = lossAndGradients(core, each, batch);
      expect(result.gradients.map(({ shape }) => shape)).toEqual(core.variables.map(({ variable }) => variable.shape));
      for (const gradient of result.gradients) expect(gradient).toBeAllClose(tf.zerosLike(gradient));
      tf.dispose(result);
    }
  });
});

describe("what goes wrong", () => {
  it("leaves no tensors behind", async () => {
    const { batch, ...training } = smallTraining();
    const before = tf.memory().numTensors;
    await expect(trainStep({ ...training, maxGradNorm: 0 }, batch)).rejects.toThrow(
      new RangeError("maxGradNorm: expected a finite number above 0, got 0"),
    );
    const task = {
      cost() {
        throw new Error("no cost");
      },
    };
    expect(() => lossAndGradients(training.core, task, batch)).toThrow("no cost");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("trainStep", () => {
  it("is gradients, clip and RMSProp", async () => {
    const { batch, ...training } = smallTraining(0.5);
    const expected = smallTraining(0.5);
    const { loss, gradients } = lossAndGradients(expected.core, expected.task, batch);
    const { clipped, globalNorm } = clipByGlobalNorm([expected.optimizer.flat.join(gradients)], 0.5);
    expected.optimizer.applyFlat(clipped[0] as tf.Tensor1D);
    const result = await trainStep(training, batch);
    expect(result.loss).toBe(loss.dataSync()[0]);
    expect(result.globalNorm).toBe(globalNorm.dataSync()[0]);
    expect(result.globalNorm).toBeGreaterThan(0.5);
    expect(result.applied).toBe(true);
    expect(valuesOf(training.core)).toEqual(valuesOf(expected.core));
  });

  it("moves each variable as if each were clipped and stepped alone", async () => {
    const { batch, ...training } = smallTraining(0.5);
    const expected = smallTraining(0.5);
    const { gradients } = lossAndGradients(expected.core, expected.task, batch);
    expected.optimizer.apply(clipByGlobalNorm(gradients, 0.5).clipped);
    await trainStep(training, batch);
    valuesOf(training.core).forEach((values, index) => {
      expect(values).toBeAllClose(valuesOf(expected.core)[index], { absolute: 1e-7, relative: 1e-6 });
    });
  });

  it.each([
    { name: "loss", cost: () => tf.scalar(Number.NaN) },
    { name: "loss", cost: (logits: tf.Tensor3D) => tf.div(tf.sum(logits), 0) as tf.Scalar },
    { name: "gradient", cost: (logits: tf.Tensor3D) => tf.sum(tf.sqrt(tf.mul(logits, 0))) as tf.Scalar },
  ])("applies nothing where the $name is not finite", async ({ name, cost }) => {
    const { batch, ...training } = smallTraining();
    // Keeps a path from the loss to the variables.
    const task = { cost: (logits: tf.Tensor3D) => tf.add(cost(logits), tf.mul(tf.sum(logits), 0)) as tf.Scalar };
    const before = valuesOf(training.core);
    const result = await trainStep({ ...training, task }, batch);
    expect(Number.isFinite(result.loss)).toBe(name === "gradient");
    expect(result.applied).toBe(false);
    expect(valuesOf(training.core)).toEqual(before);
  });

  it("leaves only the logits", async () => {
    const { batch, ...training } = smallTraining();
    const before = tf.memory().numTensors;
    const { logits } = await trainStep(training, batch);
    expect(logits.shape).toEqual(batch.target.shape);
    expect(tf.memory().numTensors).toBe(before + 1);
    logits.dispose();
  });
});
