import { createRandom, repeatCopy, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { DivergenceError } from "../src/divergence-error.js";
import { evaluate } from "../src/evaluate.js";
import { constantRate, linearDecay } from "../src/learning-rate.js";
import { lossFunction } from "../src/loss-function.js";
import { RmsProp } from "../src/rms-prop.js";
import { sigmoidCrossEntropy } from "../src/sigmoid-cross-entropy.js";
import { train } from "../src/train.js";
import type { TrainOptions } from "../src/train-options.js";
import { trainStep } from "../src/train-step.js";
import type { TrainingCheckpoint, TrainingReport } from "../src/training-report.js";
import { optimizerOf, smallNetwork, smallTask, valuesOf } from "./support.js";

/** Creates a network with its optimizer, and options to train it. */
function smallRun(options: Omit<Partial<TrainOptions>, "network" | "optimizer"> = {}) {
  const network = smallNetwork();
  const optimizer = optimizerOf(network);
  return { network, task: smallTask, optimizer, iterations: 6, reportInterval: 2, ...options };
}

/** Removes the times from a report. */
const timeless = ({ seconds: _, iterationsPerSecond: __, ...report }: TrainingReport) => report;

describe("train", () => {
  it("runs training steps sequentially, and reports means since the previous report", async () => {
    const reports: TrainingReport[] = [];
    const run = smallRun({ onReport: (report) => void reports.push(report) });
    const { step, completed, report } = await train({ ...run, iterations: 5 });

    const network = smallNetwork();
    const parts = { network, loss: lossFunction(smallTask), optimizer: optimizerOf(network), maxGradNorm: 50 };
    const random = createRandom(1);
    const steps = [];
    for (let index = 0; index < 5; index++) steps.push(await trainStep(parts, smallTask.sampleBatch(random)));
    expect(valuesOf(run.network)).toEqual(valuesOf(network));
    expect(valuesOf(run.optimizer)).toEqual(valuesOf(parts.optimizer));
    expect([step, completed]).toEqual([5, true]);
    expect(reports.map(({ step, iterations }) => [step, iterations])).toEqual([
      [2, 2],
      [4, 2],
      [5, 1],
    ]);
    expect(report).toBe(reports[2]);
    expect(reports[1].loss).toBeAllClose((steps[2].loss + steps[3].loss) / 2);
    expect(reports[1].gradientNorm).toBeAllClose((steps[2].globalNorm + steps[3].globalNorm) / 2);
    expect(reports[1].exactMatch).toBeAllClose(((steps[2].exactMatch ?? 0) + (steps[3].exactMatch ?? 0)) / 4);
    expect(reports[1].learningRate).toBe(0.01);
    expect(reports[2].seconds).toBeGreaterThan(reports[0].seconds);
  });

  it("has defaults: the reference's optimizer, seed 1, a report every 100 iterations", async () => {
    // A hundred iterations of few time steps.
    const task = repeatCopy({ batchSize: 1, numBits: 1, maxLength: 1, maxRepeats: 1 });
    const [network, defaults, explicit] = [1, 2, 3].map(() => smallNetwork(3, task));
    const reports: number[] = [];
    const onReport = ({ step }: TrainingReport) => void reports.push(step);
    const { optimizer } = await train({ network, task, iterations: 101, onReport });
    expect(reports).toEqual([100, 101]);
    expect(optimizer.options).toEqual({ type: "rmsprop", learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, momentum: 0 });
    await train({ network: defaults, task, iterations: 7 });
    const same = {
      random: createRandom(1),
      maxGradNorm: 50,
      reportInterval: 3,
      optimizer: optimizerOf(explicit, 1e-4),
    };
    await train({ network: explicit, task, iterations: 7, ...same });
    expect(valuesOf(defaults)).toEqual(valuesOf(explicit));
    optimizer.dispose();
  });

  it("learns the easy part of a task, and can be evaluated at every report", async () => {
    const task = repeatCopy({ numBits: 1, maxLength: 1, maxRepeats: 1 });
    const network = smallNetwork(3, task);
    const scores: number[] = [];
    const onReport = async () => {
      const { loss, sequences } = await evaluate(network, task, { random: createRandom(2), sequences: 50 });
      scores.push(loss / sequences);
    };
    const optimizer = optimizerOf(network, 0.03);
    const { report } = await train({ network, task, optimizer, iterations: 90, reportInterval: 30, onReport });
    expect(scores).toHaveLength(3);
    // An untrained network has a loss of 4 ln 2 = 2.77.
    expect(scores[2]).toBeLessThan(2);
    expect(report?.loss).toBeLessThan(2.2);
  });

  it("ends when the goal is reached or the signal is aborted, with a last report and checkpoint", async () => {
    const until = (report: TrainingReport) => report.step >= 4;
    const goal = await train(smallRun({ iterations: 100, until }));
    expect(goal).toMatchObject({ step: 4, completed: true });

    const [steps, reports]: [number[], number[]] = [[], []];
    const signal = { aborted: false };
    const task = (progress: { step: number }) => {
      signal.aborted = progress.step === 2;
      return smallTask;
    };
    const stopped = await train(
      smallRun({
        ...{ iterations: 100, task, signal },
        onReport: ({ step }) => void reports.push(step),
        onCheckpoint: ({ step }) => void steps.push(step),
      }),
    );
    expect(stopped).toMatchObject({ step: 3, completed: false });
    expect([reports, steps]).toEqual([[2, 3], [3]]);
  });

  it("accepts the signal of an AbortController", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await train(smallRun({ signal: controller.signal }))).toMatchObject({ step: 0, completed: false });
  });

  it("resumes from a checkpoint bit-identically to an uninterrupted run", async () => {
    // The curriculum also uses the last report.
    const hard = repeatCopy({ batchSize: 3, numBits: 2, maxLength: 3 });
    const task = ({ step, report }: { step: number; report?: TrainingReport | undefined }) =>
      step > 4 && (report?.step ?? 0) < 9 ? hard : smallTask;
    const options = { iterations: 14, reportInterval: 3, task, learningRate: linearDecay(0.01, { iterations: 14 }) };
    const [reports, resumed]: [TrainingReport[], TrainingReport[]] = [[], []];
    const whole = smallRun({ ...options, onReport: (report) => void reports.push(report) });
    await train(whole);

    const first = smallRun(options);
    const saved: TrainingCheckpoint[] = [];
    await train({ ...first, iterations: 8, onCheckpoint: (checkpoint) => void saved.push(checkpoint) });
    const state = JSON.parse(JSON.stringify(saved[0].state));
    expect(state).toMatchObject({ step: 8, interval: { iterations: 2 }, report: { step: 6 } });

    const second = smallRun({ ...options, onReport: (report) => void resumed.push(report) });
    for (const part of ["network", "optimizer"] as const)
      first[part].variables.forEach(({ variable }, index) => {
        second[part].variables[index].variable.assign(variable);
      });
    const { step } = await train({ ...second, state });
    expect(step).toBe(14);
    expect(valuesOf(second.network)).toEqual(valuesOf(whole.network));
    expect(valuesOf(second.optimizer)).toEqual(valuesOf(whole.optimizer));
    expect(resumed.map(timeless)).toEqual(reports.slice(2).map(timeless));
    expect(resumed[0].seconds).toBeGreaterThan(state.seconds);
  });

  it("passes on checkpoints when they are due and at the end, and awaits the callback", async () => {
    const steps: number[] = [];
    const onCheckpoint = async ({ step, optimizer }: TrainingCheckpoint) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(optimizer.variables.length).toBeGreaterThan(0);
      steps.push(step);
    };
    await train(smallRun({ iterations: 5, checkpointInterval: 2, onCheckpoint }));
    await train(smallRun({ iterations: 4, checkpointInterval: 2, onCheckpoint }));
    expect(steps).toEqual([2, 4, 5, 2, 4]);
  });

  it("uses the schedule's learning rate", async () => {
    const reports: TrainingReport[] = [];
    const learningRate = constantRate(0.02, { warmUp: 4 });
    const run = smallRun({ learningRate, reportInterval: 1, onReport: (report) => void reports.push(report) });
    const { engine } = await train(run);
    expect(reports.map(({ learningRate }) => learningRate)).toEqual([0.005, 0.01, 0.015, 0.02, 0.02, 0.02]);
    expect(engine).toMatch(/^TensorFlow\.js ops/);
  });

  it("trains with a custom loss", async () => {
    const loss: TrainOptions["loss"] = (...tensors) => tf.mul<tf.Scalar>(2, sigmoidCrossEntropy(...tensors));
    const [custom, plain] = [await train(smallRun({ loss })), await train(smallRun())];
    const first = await train(smallRun({ iterations: 1 }));
    expect((await train(smallRun({ iterations: 1, loss }))).report?.loss).toBeAllClose(2 * (first.report?.loss ?? 0));
    expect(custom.report?.loss).not.toBeAllClose(plain.report?.loss ?? 0);
  });

  it("stops at NaN without applying it, and without a checkpoint of it", async () => {
    const checkpoints: number[] = [];
    const run = smallRun({ checkpointInterval: 1, onCheckpoint: ({ step }) => void checkpoints.push(step) });
    let before: unknown;
    const task = ({ step }: { step: number }) => {
      if (step !== 3) return smallTask;
      const [{ variable }] = run.network.variables;
      tf.tidy(() => variable.assign(tf.fill(variable.shape, Number.NaN)));
      before = valuesOf(run.network);
      return smallTask;
    };
    const error = await train({ ...run, task }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DivergenceError);
    expect((error as Error).message).toBe("the loss of iteration 4 is NaN; training stopped");
    expect((error as DivergenceError).divergence).toMatchObject({ step: 4, loss: Number.NaN });
    expect(checkpoints).toEqual([1, 2, 3]);
    expect(valuesOf(run.network)).toEqual(before);
  });

  it("does not pass on weights that are not finite", async () => {
    const run = smallRun({ iterations: 2, onCheckpoint: () => expect.fail("no checkpoint was expected") });
    const { name, variable } = run.network.variables[3];
    const onReport = () => variable.assign(tf.fill(variable.shape, Number.POSITIVE_INFINITY));
    await expect(train({ ...run, onReport })).rejects.toThrow(
      `${name} is not finite after iteration 2; training stopped`,
    );
  });

  it("yields to the event loop", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await train(smallRun({ iterations: 60 }));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it.each([true, false])("refuses the optimizer of another network of the same sizes, engine: %s", async (engine) => {
    const [network, other] = [smallNetwork(), smallNetwork()];
    const options = { network, task: smallTask, iterations: 1, engine };
    await expect(train({ ...options, optimizer: optimizerOf(other) })).rejects.toThrow(
      new TypeError('optimizer: expected one of network.variables, got one of another variable "dnc/lstm/w_gates"'),
    );
    const renamed = new RmsProp(network.variables.map(({ variable }, index) => ({ name: `v${index}`, variable })));
    await expect(train({ ...options, optimizer: renamed })).resolves.toBeDefined();
    renamed.dispose();
    const few = new RmsProp(network.variables.slice(1));
    const message = `got one of ${network.variables.length - 1} variables instead of ${network.variables.length}`;
    await expect(train({ ...options, optimizer: few })).rejects.toThrow(message);
    few.dispose();
    const reversed = new RmsProp(network.variables.toReversed());
    await expect(train({ ...options, optimizer: reversed })).rejects.toThrow(
      'got one of "dnc/output_linear/b" instead of "dnc/lstm/w_gates"',
    );
    reversed.dispose();
  });

  it("leaves no tensors, whatever happens", async () => {
    const run = smallRun();
    await train(run);
    const before = tf.memory().numTensors;
    await train({ ...run, checkpointInterval: 2, onCheckpoint: () => {} });
    expect(tf.memory().numTensors).toBe(before);
    const { optimizer: _, ...others } = run;
    (await train(others)).optimizer.dispose();
    const failing: () => Task = () => {
      throw new Error("no task");
    };
    await expect(train({ ...others, task: failing })).rejects.toThrow("no task");
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ iterations: 0 }, RangeError, "iterations: expected a positive integer, got 0"],
    [{ reportInterval: 1.5 }, RangeError, "reportInterval: expected a positive integer, got 1.5"],
    [{ checkpointInterval: "2" }, TypeError, 'checkpointInterval: expected a positive integer, got "2"'],
    [{ maxGradNorm: -1 }, RangeError, "maxGradNorm: expected a finite number above 0, got -1"],
    [{ network: undefined }, TypeError, "network: expected an object, got undefined"],
    [{ task: "copy" }, TypeError, 'task: expected an object, got "copy"'],
    [{ loss: "softmax" }, TypeError, 'loss: expected a function, got "softmax"'],
    [{ learningRate: 0.1 }, TypeError, "learningRate: expected a function, got 0.1"],
    [{ epochs: 2 }, TypeError, /^unknown option key "epochs"; expected one of network, task, iterations, /],
    [
      { task: ({ step }: { step: number }) => (step < 2 ? smallTask : repeatCopy({ numBits: 2, timeAverage: true })) },
      TypeError,
      "task.timeAverage: expected false as in the first task, got true",
    ],
  ])("rejects %o with a reason", async (wrong, Kind, message) => {
    const error = await train({ ...smallRun(), ...wrong } as never).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Kind);
    expect((error as Error).message).toMatch(message);
  });
});
