import { createRandom, type EpisodeTask, isEpisodeTask } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { createTraining } from "../src/create-training.js";
import { DivergenceError } from "../src/divergence-error.js";
import { evaluate } from "../src/evaluate.js";
import type { PassedLesson } from "../src/lesson-progress.js";
import { lessons } from "../src/lessons.js";
import { rollOut } from "../src/roll-out.js";
import { squaredError } from "../src/squared-error.js";
import { train } from "../src/train.js";
import { trainStep } from "../src/train-step.js";
import type { TrainingCheckpoint } from "../src/training-report.js";
import { echoTask } from "./episode-support.js";
import { optimizerOf, smallNetwork, smallTask, valuesOf } from "./support.js";

const task = echoTask();

describe("rollOut", () => {
  it("gives each episode the outputs of the network's own steps, only where it runs", async () => {
    const network = smallNetwork(3, task);
    const before = tf.memory().numTensors;
    const { batch, outputs } = await rollOut(network, task.startEpisodes(createRandom(4), { batchSize: 6 }));
    expect(tf.memory().numTensors).toBe(before);
    const { timeSteps, batchSize, inputs, mask } = batch;
    expect(new Set(mask)).toEqual(new Set([0, 1]));
    for (let b = 0; b < batchSize; b++) {
      let state = network.initialState(1);
      for (let t = 0; t < timeSteps; t++) {
        const row = t * batchSize + b;
        const found = Array.from(outputs.subarray(row * 2, row * 2 + 2));
        if (mask[row] === 0) {
          expect(found).toEqual([0, 0]);
          continue;
        }
        const step = network.step(tf.tensor2d(inputs.slice(row * 3, row * 3 + 3), [1, 3]), state);
        expect(found).toBeAllClose(Array.from(step.output.dataSync()), { absolute: 1e-5 });
        state = step.state;
      }
    }
  });

  it("frees its tensors if the episodes throw", async () => {
    const network = smallNetwork(3, task);
    const episodes = task.startEpisodes(createRandom(4));
    const before = tf.memory().numTensors;
    const respond = () => {
      throw new Error("no response");
    };
    await expect(rollOut(network, { ...episodes, respond })).rejects.toThrow("no response");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("training on episodes", () => {
  it("is the backward pass of the episodes' loss over the sequences as they came to be", async () => {
    const [network, twin] = [smallNetwork(3, task), smallNetwork(3, task)];
    const optimizer = optimizerOf(network);
    const options = { network, optimizer, task, iterations: 1, random: createRandom(9) };
    const { report } = await train(options);
    const { batch, outputs, results } = await rollOut(twin, task.startEpisodes(createRandom(9)));
    // The echo's loss is the squared error: its target is the output minus the gradient.
    const targets = outputs.map((value, index) => value - (batch.targets[index] as number));
    const parts = { network: twin, loss: squaredError, optimizer: optimizerOf(twin), maxGradNorm: 50 };
    const expected = await trainStep(parts, { ...batch, targets });
    expect(report?.loss).toBeAllClose(expected.loss, { absolute: 1e-5 });
    expect(report?.gradientNorm).toBeAllClose(expected.globalNorm, { absolute: 1e-5 });
    expect(report?.exactMatch).toBeCloseTo(results.exactMatch.reduce((sum, value) => sum + value, 0) / 3, 10);
    valuesOf(network).forEach((values, index) => {
      expect(values).toBeAllClose(valuesOf(twin)[index] as number[], { absolute: 1e-6 });
    });
  });

  it("resumes bit by bit", async () => {
    const whole = smallNetwork(3, task);
    const common = { task, reportInterval: 2, checkpointInterval: 3 };
    const first = await train({ ...common, network: whole, optimizer: optimizerOf(whole), iterations: 6 });
    const resumed = smallNetwork(3, task);
    const optimizer = optimizerOf(resumed);
    let saved: TrainingCheckpoint | undefined;
    const onCheckpoint = (checkpoint: TrainingCheckpoint) => {
      saved ??= checkpoint;
    };
    await train({ ...common, network: resumed, optimizer, iterations: 3, onCheckpoint });
    const state = JSON.parse(JSON.stringify(saved?.state));
    const second = await train({ ...common, network: resumed, optimizer, iterations: 6, state });
    expect(valuesOf(resumed)).toEqual(valuesOf(whole));
    expect(second.state.random).toEqual(first.state.random);
    expect(second.state.interval).toEqual(first.state.interval);
  });

  it("learns", async () => {
    const network = smallNetwork(3, task);
    await train({ network, task: echoTask({ batchSize: 8 }), optimizer: optimizerOf(network, 0.02), iterations: 150 });
    const score = await evaluate(network, task, { random: createRandom(77), sequences: 200 });
    expect(score.exactMatch / score.sequences).toBeGreaterThan(0.95);
  });

  it("goes through lessons of episodes, and evaluates the network alone for a decision", async () => {
    const network = smallNetwork(3, task);
    const passed: PassedLesson[] = [];
    await train({
      task: lessons({
        lessons: [echoTask({ batchSize: 8 }), task],
        promotion: { atLeast: 0.5, every: 20, sequences: 40 },
      }),
      ...{ network, optimizer: optimizerOf(network, 0.02), iterations: 60 },
      onLessonPassed: (lesson) => void passed.push(lesson),
    });
    expect(passed.map(({ number }) => number)).toEqual([1, 2]);
    expect(() => lessons({ lessons: [task, smallTask], promotion: { atLeast: 0.5 } })).toThrow(
      new TypeError("lessons[1].loss: expected linear as in the first lesson, got sigmoid"),
    );
  });

  it("reports a loss that is not finite as divergence, and leaves the variables", async () => {
    const network = smallNetwork(3, task);
    const broken: EpisodeTask = {
      ...task,
      startEpisodes: (random, options) => {
        const episodes = task.startEpisodes(random, options);
        const results = () => ({ ...episodes.results(), gradients: episodes.results().gradients.fill(Number.NaN) });
        return { ...episodes, results };
      },
    };
    const before = valuesOf(network);
    const options = { network, optimizer: optimizerOf(network), task: broken, iterations: 2 };
    await expect(train(options)).rejects.toThrow(DivergenceError);
    expect(valuesOf(network)).toEqual(before);
  });

  it.each([
    [{ carryState: true }, "carryState: expected false for a task of episodes, got true"],
    [{ loss: squaredError }, "loss: expected none for a task of episodes, got a function"],
  ])("refuses %o", async (more, message) => {
    const network = smallNetwork(3, task);
    await expect(createTraining({ network, task, iterations: 1, ...more })).rejects.toThrow(new TypeError(message));
  });

  it.each([
    [smallTask, task, "task: expected sequences as the first task has, got episodes"],
    [task, smallTask, "task: expected episodes as the first task has, got sequences"],
  ])("refuses a curriculum of both kinds", async (first, second, message) => {
    const network = smallNetwork(3, first);
    const curriculum = ({ step }: { step: number }) => (step === 0 ? first : second);
    await expect(train({ network, task: curriculum, iterations: 2 })).rejects.toThrow(new TypeError(message));
  });
});

describe("evaluating episodes", () => {
  it("adds up what came of them, whatever the size of a batch", async () => {
    const network = smallNetwork(3, task);
    const scoreWith = (batchSize: number) =>
      evaluate(network, echoTask({ batchSize }), { random: createRandom(5), sequences: 7 });
    const [score, other] = [await scoreWith(7), await scoreWith(2)];
    const { results } = await rollOut(network, task.startEpisodes(createRandom(5), { batchSize: 7 }));
    expect(score.sequences).toBe(7);
    expect(score.bits).toBe(results.decisions.reduce((sum, value) => sum + value, 0));
    expect(score.metrics).toEqual({ length: results.metrics?.length?.reduce((sum, value) => sum + value, 0) });
    expect(other).toMatchObject({ bits: score.bits, exactMatch: score.exactMatch, metrics: score.metrics });
    expect(other.loss).toBeAllClose(score.loss, { absolute: 1e-5 });
  });

  it("refuses a carried state", async () => {
    const options = { random: createRandom(1), carryState: true };
    await expect(evaluate(smallNetwork(3, task), task, options)).rejects.toThrow(
      new TypeError("carryState: expected false for a task of episodes, got true"),
    );
  });

  it("tells the kinds of tasks apart", () => {
    expect([isEpisodeTask(task), isEpisodeTask(smallTask)]).toEqual([true, false]);
  });
});
