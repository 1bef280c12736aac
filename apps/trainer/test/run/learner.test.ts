import { createRandom } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { resolveSettings } from "../../src/flags/settings.js";
import { FusedLearner } from "../../src/run/fused-learner.js";
import { type LearnedStep, OpsLearner } from "../../src/run/learner.js";
import { createLearning, type MakeLearner, onCpu, smallSettings } from "../support.js";

const onOps: MakeLearner = (_settings, parts) => new OpsLearner(parts);
type Settings = Parameters<typeof createLearning>[0];

/** Steps, weights and slots of ten iterations. */
async function tenIterations(settings: Settings, makeLearner: MakeLearner) {
  const { task, core, optimizer, learner } = createLearning(settings, makeLearner);
  const random = createRandom(5);
  const steps: LearnedStep[] = [];
  for (let step = 0; step < 10; step++) {
    steps.push(...(await learner.step(task.sampleBatch(random))));
  }
  await learner.sync();
  const valuesOf = ({ variables }: typeof core | typeof optimizer) =>
    variables.map(({ variable }) => variable.dataSync<"float32">().slice());
  return { steps, weights: valuesOf(core), slots: valuesOf(optimizer), learner };
}

describe("the learner on the CPU", () => {
  it.each([
    ["the defaults", resolveSettings({})],
    ["copy", smallSettings({ task: "copy", num_bits: "1", max_length: "1", batch_size: "8" })],
    ["deep-lstm", smallSettings({ controller: "deep-lstm" })],
    ["feed-forward", smallSettings({ controller: "feed-forward", num_write_heads: "2", clip_value: "0" })],
    ["a clipped gradient", smallSettings({ max_grad_norm: "0.1", learning_rate: "0.001", optimizer_epsilon: "0.01" })],
  ])("is the fused kernel and learns what ops learn: %s", async (_name, settings) => {
    const [fused, ops] = [await tenIterations(settings, onCpu), await tenIterations(settings, onOps)];
    expect(fused.learner).toBeInstanceOf(FusedLearner);
    fused.steps.forEach(({ loss, globalNorm, ...exact }, index) => {
      const { loss: opsLoss, globalNorm: opsNorm, ...opsExact } = ops.steps[index];
      expect(exact).toEqual(opsExact);
      expect(Math.abs(loss / opsLoss - 1)).toBeLessThan(1e-5);
      expect(Math.abs(globalNorm / opsNorm - 1)).toBeLessThan(1e-4);
    });
    for (const what of ["weights", "slots"] as const)
      fused[what].forEach((values, index) => {
        expect(tf.tensor(values)).toBeAllClose(tf.tensor(ops[what][index]), { absolute: 1e-6, relative: 0 });
      });
  });

  it("gives the same bits for any number of threads, again and again", async () => {
    const { learner: _, ...one } = await tenIterations(resolveSettings({ threads: "1" }), onCpu);
    for (const threads of ["2", "2", "3", "1"]) {
      const { learner, ...more } = await tenIterations(resolveSettings({ threads }), onCpu);
      expect(more).toEqual(one);
    }
  });

  it("says what computes", () => {
    const what = (words: Parameters<typeof smallSettings>[0]) => createLearning(smallSettings(words)).learner.what;
    expect(what({ threads: "1" })).toMatch(/^fused WebAssembly kernel \((relaxed-)?simd\), 1 thread$/);
    expect(what({ threads: "2" })).toMatch(/, up to 2 threads$/);
    expect(what({ controller: "gru" })).toBe(
      "TensorFlow.js, one op after the other (the fused kernel does not cover controller gru)",
    );
  });

  it.each([
    ["the kernel", onCpu],
    ["ops", onOps],
  ])("moves nothing for a loss that is NaN, and goes on as if nothing had been: %s", async (_name, makeLearner) => {
    const settings = smallSettings({ learning_rate: "0.01" });
    const [spoilt, other] = [createLearning(settings, makeLearner), createLearning(settings, makeLearner)];
    const batch = spoilt.task.sampleBatch(createRandom(2));
    const { variable } = spoilt.core.variables[0];
    await spoilt.learner.step(batch);
    await other.learner.step(batch);
    await spoilt.learner.sync();
    const good = tf.clone(variable);
    variable.assign(tf.fill(variable.shape, Number.NaN));
    await spoilt.learner.load();
    expect(await spoilt.learner.step(batch)).toMatchObject([{ loss: Number.NaN, applied: false }]);
    variable.assign(good);
    await spoilt.learner.load();
    expect(await spoilt.learner.step(batch)).toEqual(await other.learner.step(batch));
    for (const { learner } of [spoilt, other]) await learner.sync();
    spoilt.core.variables.forEach(({ variable }, index) => {
      expect(variable.dataSync()).toEqual(other.core.variables[index].variable.dataSync());
    });
    good.dispose();
  });

  it("refuses what WebAssembly cannot hold, with the size", () => {
    const settings = smallSettings({ memory_size: "20000", batch_size: "1" });
    expect(() => createLearning(settings)).toThrow(
      /^too large: memory: expected at most 4\.00 GiB, the run needs \d\d\.\d+ GiB$/,
    );
  });
});
