import { serializeTrace, TRACE_DIMENSIONS, unroll } from "@dnc/core";
import { createNetwork, createTask } from "@dnc/settings";
import { toTensors, traceSequence } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { evaluationRandom } from "../../src/model/evaluation.js";
import { sequenceTask, smallConfig } from "../support.js";

describe("the trace of a sequence", () => {
  it.each([{ task: "repeat-copy" }, { task: "copy" }, { controller: "gru" }])(
    "equals unroll's trace plus the sequence: %o",
    async (words) => {
      const config = smallConfig({ ...words, num_write_heads: "2" });
      const task = await createTask({ ...config.task, batchSize: 1 });
      const core = createNetwork(config.network, task, 1);
      onTestFinished(() => core.dispose());
      const before = tf.memory().numTensors;
      const trace = await traceSequence(core, sequenceTask(task).sampleBatch(evaluationRandom(4)));
      expect(tf.memory().numTensors).toBe(before);
      expect(trace).toMatchObject({ format: "dnc-trace", version: 1 });

      const batch = toTensors(sequenceTask(task).sampleBatch(evaluationRandom(4)));
      const unrolled = unroll(core, batch.inputs, undefined, { trace: true });
      const { quantities } = await serializeTrace(unrolled.trace);
      const { observations, target, mask, output, ...own } = trace.quantities;
      expect(own).toEqual(quantities);
      const variants = /^(write|read)Masks$|Sharpness$/;
      expect(Object.keys(own)).toEqual(Object.keys(TRACE_DIMENSIONS).filter((name) => !variants.test(name)));
      const expected = {
        observations: batch.inputs,
        target: batch.targets,
        mask: batch.mask,
        output: tf.sigmoid(unrolled.outputs),
      };
      for (const [name, tensor] of Object.entries(expected)) {
        const { dimensions, shape, data } = trace.quantities[name];
        expect(shape).toEqual(tensor.shape);
        expect(dimensions).toHaveLength(shape.length);
        expect(data).toEqual(Array.from(tensor.dataSync()));
      }
      expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
    },
  );
});
