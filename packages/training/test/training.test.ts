import { createRandom, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { createTraining } from "../src/create-training.js";
import { curriculumOf } from "../src/curriculum.js";
import { definitionRunner } from "../src/definition-runner.js";
import { lessons } from "../src/lessons.js";
import { lossFunction } from "../src/loss-function.js";
import type { StepRunner } from "../src/step-runner.js";
import type { TrainOptions } from "../src/train-options.js";
import { Training } from "../src/training.js";
import type { TrainingCheckpoint, TrainingReport } from "../src/training-report.js";
import { optimizerOf, smallNetwork, smallTask, valuesOf } from "./support.js";

/** Creates a run of the small network, as `train` does. */
async function smallTraining(options: Partial<TrainOptions> = {}) {
  const network = smallNetwork();
  const optimizer = optimizerOf(network);
  const training = await createTraining({
    ...{ task: smallTask, iterations: 6, reportInterval: 2, ...options },
    ...{ network, optimizer },
  });
  return { network, optimizer, training };
}

/** Removes the times from a report. */
const timeless = ({ seconds: _, iterationsPerSecond: __, ...report }: TrainingReport) => report;
const timelessState = ({ step, state: { seconds: _, report, ...state } }: TrainingCheckpoint) => ({
  ...{ step, state },
  report: report && timeless(report),
});

/** Creates a task with an invalid batch at one iteration. */
function failingAt(iteration: number): Task {
  let batches = 0;
  return {
    ...smallTask,
    sampleBatch(random, options) {
      const batch = smallTask.sampleBatch(random, options);
      if (++batches === iteration) throw new Error("no memory");
      return batch;
    },
  };
}

describe("a run in separate steps", () => {
  it("shows progress after each iteration, with means since the last report", async () => {
    const [progress, reports]: [TrainingReport[], TrainingReport[]] = [[], []];
    const { training } = await smallTraining({ iterations: 5 });
    await training.run({
      onProgress: (report) => void progress.push(report),
      onReport: (report) => void reports.push(report),
    });
    expect(progress.map(({ step, iterations }) => [step, iterations])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 2],
      [5, 1],
    ]);
    expect([progress[1], progress[3], progress[4]].map(timeless)).toEqual(reports.map(timeless));
    training.dispose();
  });

  it("trains with ops if engines are disabled, and then has no trainer", async () => {
    const { training } = await smallTraining({ engine: false });
    expect([training.description, training.trainer]).toEqual(["TensorFlow.js ops", undefined]);
  });

  it("says which import brings an engine, unless that would not help", async () => {
    const { training } = await smallTraining();
    const missing = 'TensorFlow.js ops (no engine for backend cpu: import "@dnc/engine-wasm" to have one)';
    expect(training.description).toBe(missing);
    const custom = await smallTraining({ loss: lossFunction(smallTask) });
    expect(custom.training.description).toBe("TensorFlow.js ops (loss: expected the task's, got a function)");
  });

  it("saves after a failure what is known to be good: the failed batch is sampled again, to the last bit", async () => {
    const whole: TrainingCheckpoint[] = [];
    const first = await smallTraining({ iterations: 3 });
    await first.training.run({ onCheckpoint: (checkpoint) => void whole.push(checkpoint) });

    const saved: TrainingCheckpoint[] = [];
    const { network, training } = await smallTraining({ task: failingAt(4) });
    const failing = training.run({ onCheckpoint: (checkpoint) => void saved.push(checkpoint) });
    await expect(failing).rejects.toThrow("no memory");
    expect(saved).toEqual([]);
    await training.saveRest();
    await training.saveRest();
    expect(saved.map(timelessState)).toEqual(whole.map(timelessState));
    expect(valuesOf(network)).toEqual(valuesOf(first.network));
  });

  it("first makes the report that was due when the run ended", async () => {
    const failing = () => Promise.reject(new Error("no disk"));
    const first = await smallTraining({ iterations: 4 });
    await expect(first.training.run({ onReport: failing })).rejects.toThrow("no disk");
    const { state } = first.training;
    expect(state).toMatchObject({ step: 2, interval: { iterations: 2 } });
    const reports: number[] = [];
    const second = await smallTraining({ iterations: 4, state });
    await second.training.run({ onReport: ({ step }) => void reports.push(step) });
    expect(reports).toEqual([2, 4]);
  });

  it("passes on a checkpoint of a run that was stopped before its first iteration", async () => {
    const steps: number[] = [];
    const { training } = await smallTraining();
    await training.run({ signal: { aborted: true }, onCheckpoint: ({ step }) => void steps.push(step) });
    expect(steps).toEqual([0]);
  });

  it("gives the same run if results arrive late, and detects NaN late without saving it", async () => {
    const run = async (late: boolean, { divergeAt = 0, hasLessons = false } = {}) => {
      const network = smallNetwork();
      const optimizer = optimizerOf(network);
      const parts = { network, loss: lossFunction(smallTask), optimizer, maxGradNorm: 50 };
      const [reports, checkpoints]: [TrainingReport[], TrainingCheckpoint[]] = [[], []];
      let batches = 0;
      const task: Task = {
        ...smallTask,
        sampleBatch(random, options) {
          const [{ variable }] = network.variables;
          if (++batches === divergeAt) tf.tidy(() => variable.assign(tf.fill(variable.shape, Number.NaN)));
          return smallTask.sampleBatch(random, options);
        },
      };
      const promotion = { metric: "loss", atMost: 100, every: 2 } as const;
      const { pickTask, progress } = curriculumOf({
        ...{ network, iterations: 9 },
        task: hasLessons ? lessons({ lessons: [task, task, task], promotion, earlier: 0.5 }) : task,
      });
      const training = new Training({
        ...{
          variables: network.variables,
          optimizer,
          random: createRandom(1),
          state: undefined,
          learningRate: undefined,
        },
        ...{
          runner: late ? lateRunner(definitionRunner(parts)) : definitionRunner(parts),
          pickTask,
        },
        ...{ iterations: 9, reportInterval: 4, checkpointInterval: 3 },
        lessons: progress && { progress, evaluate: () => Promise.reject(new Error("no evaluation")) },
        callbacks: {
          onReport: (report) => void reports.push(report),
          onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint),
        },
      });
      const error = await training.run().catch((reason: unknown) => reason);
      return {
        error,
        reports: reports.map(timeless),
        checkpoints: checkpoints.map(timelessState),
        values: valuesOf(network),
      };
    };
    expect(await run(true)).toEqual(await run(false));
    const [late, prompt] = [await run(true, { hasLessons: true }), await run(false, { hasLessons: true })];
    expect(late).toEqual(prompt);
    expect(late.checkpoints.at(-1)?.state.lessons?.passed.length).toBeGreaterThan(1);
    const diverged = await run(true, { divergeAt: 5 });
    expect(diverged.error).toMatchObject({ message: "the loss of iteration 5 is NaN; training stopped" });
    expect(diverged.checkpoints.map(({ step }) => step)).toEqual([3]);
  });
});

/** Creates a runner that returns results only on flush, like one on a GPU. */
function lateRunner(runner: StepRunner): StepRunner {
  const results: Awaited<ReturnType<StepRunner["flush"]>>[number][] = [];
  return {
    ...runner,
    step: async (batch) => {
      results.push(...(await runner.step(batch)));
      return [];
    },
    flush: async () => results.splice(0),
  };
}
