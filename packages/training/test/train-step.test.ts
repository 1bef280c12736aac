import { createRandom, exactMatch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { clipByGlobalNorm } from "../src/clip-by-global-norm.js";
import { lossAndGradients } from "../src/loss-and-gradients.js";
import type { LossFunction } from "../src/loss-function.js";
import { sigmoidCrossEntropy } from "../src/sigmoid-cross-entropy.js";
import { trainStep } from "../src/train-step.js";
import { optimizerOf, smallNetwork, smallTask, valuesOf } from "./support.js";

function smallTraining(maxGradNorm = 50) {
  const network = smallNetwork();
  const loss: LossFunction = sigmoidCrossEntropy;
  return { network, loss, optimizer: optimizerOf(network), maxGradNorm, batch: smallTask.sampleBatch(createRandom(5)) };
}

describe("lossAndGradients", () => {
  it("agrees with central differences", () => {
    const { network, loss, batch } = smallTraining();
    const { gradients, ...rest } = lossAndGradients(network, loss, batch);
    const index = network.variables.findIndex(({ name }) => name === "dnc/output_linear/b");
    const { variable } = network.variables[index];
    const original = variable.dataSync().slice();
    const lossAt = (position: number, offset: number) => {
      const moved = original.slice();
      moved[position] += offset;
      variable.assign(tf.tensor(moved, variable.shape));
      const result = lossAndGradients(network, loss, batch);
      const [value] = result.loss.dataSync();
      tf.dispose(result);
      return value;
    };
    const h = 1e-2;
    const differences = Array.from(original, (_, position) => (lossAt(position, h) - lossAt(position, -h)) / (2 * h));
    expect(gradients[index]).toBeAllClose(differences, { absolute: 1e-3, relative: 1e-3 });
    tf.dispose([gradients, rest]);
  });

  it("gives zeros where the loss does not depend on a variable", () => {
    const { network, batch } = smallTraining();
    const bias = network.variables.find(({ name }) => name === "dnc/output_linear/b");
    const flat = (logits: tf.Tensor3D) => tf.sum(tf.mul(logits, tf.zerosLike(logits))) as tf.Scalar;
    const onlyBias = () => tf.sum(tf.square(bias?.variable as tf.Tensor)) as tf.Scalar;
    for (const each of [flat, onlyBias]) {
      const result = lossAndGradients(network, each, batch);
      expect(result.gradients.map(({ shape }) => shape)).toEqual(
        network.variables.map(({ variable }) => variable.shape),
      );
      for (const gradient of result.gradients) expect(gradient).toBeAllClose(tf.zerosLike(gradient));
      tf.dispose(result);
    }
  });
});

describe("an error", () => {
  it("leaves no tensors behind", async () => {
    const { batch, ...training } = smallTraining();
    const before = tf.memory().numTensors;
    await expect(trainStep({ ...training, maxGradNorm: 0 }, batch)).rejects.toThrow(
      new RangeError("maxGradNorm: expected a finite number above 0, got 0"),
    );
    const loss = () => {
      throw new Error("no loss");
    };
    expect(() => lossAndGradients(training.network, loss, batch)).toThrow("no loss");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("trainStep", () => {
  it("equals gradients, clipping and RMSProp", async () => {
    const { batch, ...training } = smallTraining(0.5);
    const expected = smallTraining(0.5);
    const { loss, gradients } = lossAndGradients(expected.network, expected.loss, batch);
    const { clipped, globalNorm } = clipByGlobalNorm([expected.optimizer.flat.join(gradients)], 0.5);
    expected.optimizer.applyFlat(clipped[0] as tf.Tensor1D);
    const result = await trainStep(training, batch);
    expect(result.loss).toBe(loss.dataSync()[0]);
    expect(result.globalNorm).toBe(globalNorm.dataSync()[0]);
    expect(result.globalNorm).toBeGreaterThan(0.5);
    expect(result.applied).toBe(true);
    expect(valuesOf(training.network)).toEqual(valuesOf(expected.network));
  });

  it("updates each variable as if it were clipped and updated separately", async () => {
    const { batch, ...training } = smallTraining(0.5);
    const expected = smallTraining(0.5);
    const { gradients } = lossAndGradients(expected.network, expected.loss, batch);
    expected.optimizer.apply(clipByGlobalNorm(gradients, 0.5).clipped);
    await trainStep(training, batch);
    valuesOf(training.network).forEach((values, index) => {
      expect(values).toBeAllClose(valuesOf(expected.network)[index], { absolute: 1e-7, relative: 1e-6 });
    });
  });

  it.each([
    { name: "loss", lossOf: () => tf.scalar(Number.NaN) },
    { name: "loss", lossOf: (logits: tf.Tensor3D) => tf.div(tf.sum(logits), 0) as tf.Scalar },
    { name: "gradient", lossOf: (logits: tf.Tensor3D) => tf.sum(tf.sqrt(tf.mul(logits, 0))) as tf.Scalar },
  ])(
    "applies nothing if the $name is not finite, and continues as if that batch had not been",
    async ({ name, lossOf }) => {
      const { batch, ...training } = smallTraining();
      // Keeps the loss differentiable with respect to the variables.
      const loss = (logits: tf.Tensor3D) => tf.add(lossOf(logits), tf.mul(tf.sum(logits), 0)) as tf.Scalar;
      const before = valuesOf(training.network);
      const result = await trainStep({ ...training, loss }, batch);
      expect(Number.isFinite(result.loss)).toBe(name === "gradient");
      expect(result.applied).toBe(false);
      expect(valuesOf(training.network)).toEqual(before);
      const { batch: same, ...undisturbed } = smallTraining();
      expect(await trainStep(training, batch)).toEqual(await trainStep(undisturbed, same));
      expect(valuesOf(training.network)).toEqual(valuesOf(undisturbed.network));
    },
  );

  it("leaves no tensors and returns the logits as an array, with the exact matches in them", async () => {
    const { batch, ...training } = smallTraining();
    const before = tf.memory().numTensors;
    const { logits, exactMatch: matches } = await trainStep(training, batch);
    expect(logits).toHaveLength(batch.targets.length);
    expect(matches).toBe(exactMatch(logits, batch).filter((value) => value === 1).length);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("trains with a custom loss on targets that are narrower than the outputs", async () => {
    const { batch, ...training } = smallTraining();
    const first = batch.targets.filter((_, index) => index % 3 === 0);
    const loss: LossFunction = (logits, targets, mask) =>
      sigmoidCrossEntropy(tf.slice(logits, [0, 0, 0], [-1, -1, 1]), targets, mask);
    const result = await trainStep({ ...training, loss }, { ...batch, targets: first });
    expect(result).toMatchObject({ applied: true, exactMatch: undefined });
  });

  it("refuses the optimizer of another network, and changes nothing", async () => {
    const { batch, ...training } = smallTraining();
    const other = smallNetwork();
    const before = valuesOf(other);
    await expect(trainStep({ ...training, optimizer: optimizerOf(other) }, batch)).rejects.toThrow(
      new TypeError('optimizer: expected one of network.variables, got one of another variable "dnc/lstm/w_gates"'),
    );
    expect(valuesOf(other)).toEqual(before);
  });
});
