import { createRandom, predictedBits } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { predict } from "../src/predict.js";
import { renderPrediction, samplePrediction } from "../src/render-prediction.js";
import { smallNetwork, smallTask } from "./support.js";

it("renders one sequence, with the bits that the network predicts", async () => {
  const network = smallNetwork();
  const before = tf.memory().numTensors;
  const text = await renderPrediction(network, smallTask, createRandom(4));
  expect(tf.memory().numTensors).toBe(before);
  const batch = smallTask.sampleBatch(createRandom(4), { batchSize: 1 });
  const bits = predictedBits(await predict(network, batch), batch.mask);
  expect(text).toBe(smallTask.render(batch, bits));
  expect(await samplePrediction(network, smallTask, createRandom(4))).toEqual({ batch, output: bits });
  expect(text).toContain("Model Output:");
});
