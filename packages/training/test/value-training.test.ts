/** Training with a value network, on episodes of Mini-SHRDLU. */
import { Dnc } from "@dnc/core";
import { createRandom, miniShrdlu } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { Adam } from "../src/adam.js";
import { createTraining } from "../src/create-training.js";
import { linearLoss } from "../src/linear-loss.js";
import { rollOut } from "../src/roll-out.js";
import { squaredError } from "../src/squared-error.js";
import { train } from "../src/train.js";
import { trainStep } from "../src/train-step.js";
import type { TrainingCheckpoint } from "../src/training-report.js";
import { echoTask } from "./episode-support.js";
import { smallNetwork, valuesOf } from "./support.js";

const task = miniShrdlu({ batchSize: 3, maxGoals: 3 });

function network(outputSize: number, seed = 3) {
  return new Dnc({ inputSize: 97, outputSize, hiddenSize: 8, memorySize: 5, wordSize: 4, readHeads: 1, seed });
}

const adam = ({ variables }: Dnc) => new Adam(variables, { learningRate: 0.01 });

/** A policy and a value network with their optimizers, the same each time. */
function parts() {
  const [policy, value] = [network(7), network(1, 4)];
  return { network: policy, optimizer: adam(policy), value: { network: value, optimizer: adam(value) } };
}

describe("rollOut with a value network", () => {
  it("runs it on the same inputs, and hands its outputs to the episodes", async () => {
    const { network: policy, value } = parts();
    const before = tf.memory().numTensors;
    const valueNetwork = value.network;
    const { batch, valueBatch, results } = await rollOut(policy, task.startEpisodes(createRandom(1)), { valueNetwork });
    expect(tf.memory().numTensors).toBe(before);
    const alone = await rollOut(policy, task.startEpisodes(createRandom(1)));
    expect(alone.valueBatch).toBeUndefined();
    expect(valueBatch?.inputs).toEqual(alone.batch.inputs);
    expect(valueBatch?.inputMask).toEqual(alone.batch.inputMask);
    expect(valueBatch?.targets).toEqual(alone.results.valueTargets?.targets);
    expect(valueBatch?.mask).toEqual(alone.results.valueTargets?.mask);
    // The policy is the same, but its actions are judged otherwise.
    expect(results.metrics).toEqual(alone.results.metrics);
    expect(batch.targets).not.toEqual(alone.batch.targets);
  });
});

describe("training with a value network", () => {
  it("updates both networks, each by one backward pass over the same sequences", async () => {
    const [trained, twin] = [parts(), parts()];
    await train({ ...trained, task, iterations: 1, random: createRandom(9) });
    const valueNetwork = twin.value.network;
    const { batch, valueBatch } = await rollOut(twin.network, task.startEpisodes(createRandom(9)), { valueNetwork });
    const metric = {};
    await trainStep(
      { network: twin.network, optimizer: twin.optimizer, loss: linearLoss, maxGradNorm: 50, metric },
      batch,
    );
    if (!valueBatch) throw new Error("expected a batch for the value network");
    await trainStep({ ...twin.value, loss: squaredError, maxGradNorm: 50, metric }, valueBatch);
    for (const [found, expected, initial] of [
      [trained.network, twin.network, network(7)],
      [trained.value.network, valueNetwork, network(1, 4)],
    ] as const) {
      expect(valuesOf(found)).not.toEqual(valuesOf(initial));
      valuesOf(found).forEach((values, index) => {
        expect(values).toBeAllClose(valuesOf(expected)[index] as number[], { absolute: 1e-6 });
      });
    }
  });

  it("resumes both bit by bit", async () => {
    const common = { task, reportInterval: 2, checkpointInterval: 2 };
    const whole = parts();
    await train({ ...common, ...whole, iterations: 4 });
    const resumed = parts();
    let saved: TrainingCheckpoint | undefined;
    const onCheckpoint = (checkpoint: TrainingCheckpoint) => {
      saved ??= checkpoint;
    };
    await train({ ...common, ...resumed, iterations: 2, onCheckpoint });
    expect(saved?.value).toBe(resumed.value);
    const state = JSON.parse(JSON.stringify(saved?.state));
    await train({ ...common, ...resumed, iterations: 4, state });
    expect(valuesOf(resumed.network)).toEqual(valuesOf(whole.network));
    expect(valuesOf(resumed.value.network)).toEqual(valuesOf(whole.value.network));
  });

  it("saves no checkpoint with a value that is not finite", async () => {
    const trained = parts();
    const last = trained.value.optimizer.variables.at(-1)?.variable;
    last?.assign(tf.fill(last.shape, Number.NaN));
    const training = await createTraining({ ...trained, task, iterations: 1, onCheckpoint: () => {}, engine: false });
    await expect(training.run()).rejects.toThrow(/not finite|NaN/);
    training.dispose();
  });

  it("is refused without the network that the task needs, and with one that it does not", async () => {
    const { network: policy, optimizer, value } = parts();
    await expect(createTraining({ network: policy, optimizer, task, iterations: 1 })).rejects.toThrow(
      new TypeError("value: expected a value network for task mini-shrdlu, got none"),
    );
    const echo = echoTask();
    await expect(createTraining({ network: smallNetwork(3, echo), value, task: echo, iterations: 1 })).rejects.toThrow(
      new TypeError("value: expected none for task echo, got one"),
    );
    const wrong = { network: value.network, optimizer };
    await expect(createTraining({ network: policy, optimizer, value: wrong, task, iterations: 1 })).rejects.toThrow(
      /^value\.optimizer: expected one of network\.variables, got one of/,
    );
  });
});
