import type { OptimizerState, Trainer, UnrollState } from "@dnc/core/engine";
import { createRandom, exactMatch, repeatCopy } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { readState } from "../src/carried-state.js";
import { createOptimizer } from "../src/create-optimizer.js";
import { engineRunner } from "../src/engine-runner.js";
import { smallNetwork, valuesOf } from "./support.js";

const task = repeatCopy({ batchSize: 2, numBits: 2, loss: "softmax", groupSizes: [2, 1] });

/** A trainer that only holds state, and adds 1 to all of it in each step. */
function fakeTrainer(optimizerState: OptimizerState, logits: Float32Array): Trainer & { reads: number } {
  return {
    description: "a fake",
    optimizerState,
    carriedState: undefined,
    reads: 0,
    reserve: () => {},
    step: () => ({ loss: 1, globalNorm: 1, applied: true }),
    flush: async () => [],
    logits: () => logits,
    writeToVariables() {
      for (const values of Object.values(optimizerState)) values?.set(values.map((value) => value + 1));
    },
    readFromVariables() {
      this.reads++;
    },
    dispose: () => {},
  };
}

const floats = (size: number) => new Float32Array(size);

describe("engineRunner", () => {
  it.each([
    [{ type: "rmsprop" }, (size: number) => ({ meanSquares: floats(size) })],
    [{ type: "rmsprop", momentum: 0.9 }, (size: number) => ({ meanSquares: floats(size), momentum: floats(size) })],
    [
      { type: "adam" },
      (size: number) => ({ firstMoments: floats(size), secondMoments: floats(size), steps: floats(1) }),
    ],
  ] as const)("synchronizes every quantity of the optimizer's state: %j", async (options, stateOf) => {
    const network = smallNetwork();
    const optimizer = createOptimizer(options, network.variables);
    onTestFinished(() => optimizer.dispose());
    optimizer.variables.forEach(({ variable }, index) => {
      tf.tidy(() => variable.assign(tf.fill(variable.shape, index)));
    });
    const size = network.variables.reduce((sum, { variable }) => sum + variable.size, 0);
    const state: OptimizerState = stateOf(size);
    const trainer = fakeTrainer(state, floats(0));
    const before = tf.memory().numTensors;
    const runner = await engineRunner(trainer, { network, optimizer, metric: task });
    expect(trainer.reads).toBe(1);
    expect(Object.keys(state)).toEqual(Object.keys(optimizer.state));
    const flat = Object.values(optimizer.state).map((variables) => valuesOf({ variables }).flat());
    expect(Object.values(state).map((values) => Array.from(values as Float32Array))).toEqual(flat);
    await runner.writeToVariables();
    const after = valuesOf(optimizer).map((values) => new Set(values));
    expect(after).toEqual(optimizer.variables.map((_, index) => new Set([index + 1])));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("passes the carried state on, and reports it in the shapes of the network's state", async () => {
    const network = smallNetwork();
    const optimizer = createOptimizer({ type: "rmsprop" }, network.variables);
    onTestFinished(() => optimizer.dispose());
    const size = network.variables.reduce((sum, { variable }) => sum + variable.size, 0);
    const trainer = fakeTrainer({ meanSquares: floats(size) }, floats(0));
    const parts = { network, optimizer, metric: task };
    expect((await engineRunner(trainer, parts)).carriedState).toBeUndefined();
    const carriedState = await readState(network.initialState(2));
    const runner = await engineRunner(trainer, { ...parts, carriedState });
    expect(trainer.carriedState?.memory).toHaveLength(2 * 4 * 4);
    expect(runner.carriedState).toEqual(carriedState);
    const usage = Float32Array.from({ length: 12 }, (_, at) => at);
    trainer.carriedState = { ...(trainer.carriedState as UnrollState<Float32Array>), usage };
    const found = runner.carriedState?.find(({ name }) => name === "usage");
    expect(found).toEqual({ name: "usage", shape: [3, 4], values: Array.from(usage) });
  });

  it("counts exact matches of the task's loss from the logits of an engine that does not", async () => {
    const network = smallNetwork();
    const optimizer = createOptimizer({ type: "rmsprop" }, network.variables);
    onTestFinished(() => optimizer.dispose());
    const size = network.variables.reduce((sum, { variable }) => sum + variable.size, 0);
    const batch = task.sampleBatch(createRandom(1));
    // Right as symbols, in which only the order counts; wrong as bits.
    const logits = batch.targets.map((target) => target - 5);
    const runner = await engineRunner(fakeTrainer({ meanSquares: floats(size) }, logits), {
      ...{ network, optimizer, metric: task },
    });
    const [result] = await runner.step(batch);
    expect(result.exactMatch).toBe(exactMatch(logits, batch, task).reduce((sum, match) => sum + match, 0));
    expect(exactMatch(logits, batch, task)).not.toEqual(exactMatch(logits, batch));
  });

  it("refuses a trainer without a quantity of the optimizer's state", async () => {
    const network = smallNetwork();
    const optimizer = createOptimizer({ type: "adam" }, network.variables);
    onTestFinished(() => optimizer.dispose());
    const trainer = fakeTrainer({ meanSquares: floats(1) }, floats(0));
    await expect(engineRunner(trainer, { network, optimizer, metric: task })).rejects.toThrow(
      new TypeError("trainer.optimizerState: expected firstMoments, got none"),
    );
  });
});
