import { serializeTrace, TRACE_DIMENSIONS, unroll } from "@dnc/core";
import { createRandom } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { toTensors } from "../src/to-tensors.js";
import { traceSequence } from "../src/trace-sequence.js";
import { smallNetwork, smallTask } from "./support.js";

it("equals unroll's trace plus the batch, as plain data, and leaves no tensors", async () => {
  const network = smallNetwork();
  const batch = smallTask.sampleBatch(createRandom(4));
  const before = tf.memory().numTensors;
  const trace = await traceSequence(network, batch);
  expect(tf.memory().numTensors).toBe(before);
  expect(trace).toMatchObject({ format: "dnc-trace", version: 1 });
  const unrolled = unroll(network, toTensors(batch).inputs, undefined, { trace: true });
  const { quantities } = await serializeTrace(unrolled.trace);
  const { observations, target, mask, output, ...own } = trace.quantities;
  expect(own).toEqual(quantities);
  const known = Object.keys(TRACE_DIMENSIONS).filter((name) => Object.hasOwn(unrolled.trace, name));
  expect(Object.keys(own)).toEqual(known);
  const { timeSteps } = batch;
  expect(observations).toEqual({
    dimensions: ["time", "batch", "inputSize"],
    shape: [timeSteps, 2, 4],
    data: Array.from(batch.inputs),
  });
  expect(target).toMatchObject({ shape: [timeSteps, 2, 3], data: Array.from(batch.targets) });
  expect(mask).toMatchObject({ dimensions: ["time", "batch"], shape: [timeSteps, 2], data: Array.from(batch.mask) });
  expect(output.data).toEqual(Array.from(tf.sigmoid(unrolled.outputs).dataSync()));
  expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
});
