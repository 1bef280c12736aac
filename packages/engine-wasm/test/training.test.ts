import type { BatchArrays } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { WasmTrainer, type WasmTrainerOptions } from "../src/index.js";
import { composed, Dnc, makeBatch, meanSquaresOf, parametersOf, rmsProp, TINY } from "./support.js";

type PlainOptions = Record<"learningRate" | "decay" | "epsilon" | "maxGradNorm", number>;

/** Training by definition: gradients of the steps, clipping and RMSProp in plain numbers. */
class PlainTraining {
  readonly #core: Dnc;
  readonly #options: PlainOptions;
  readonly #meanSquares: number[][];

  constructor(core: Dnc, options: WasmTrainerOptions) {
    this.#core = core;
    const { optimizer, maxGradNorm = 50 } = options;
    const defaults = { learningRate: 1e-4, decay: 0.9, epsilon: 1e-10 };
    this.#options = { ...defaults, ...(optimizer as Partial<PlainOptions>), maxGradNorm };
    this.#meanSquares = core.variables.map(({ variable }) => new Array<number>(variable.size).fill(1));
  }

  step(batch: BatchArrays): { loss: number; globalNorm: number } {
    const { learningRate, decay, epsilon, maxGradNorm } = this.#options;
    const variables = this.#core.variables.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(() => this.#loss(batch), variables);
    const gradients = variables.map(({ name }) => Array.from(grads[name].dataSync()));
    const globalNorm = Math.sqrt(gradients.flat().reduce((sum, g) => sum + g * g, 0));
    const scale = Math.min(1, maxGradNorm / globalNorm);
    for (const [index, variable] of variables.entries()) {
      const [squares, values] = [this.#meanSquares[index], Array.from(variable.dataSync())];
      for (const [i, raw] of gradients[index].entries()) {
        const g = raw * scale;
        squares[i] = decay * squares[i] + (1 - decay) * g * g;
        values[i] -= (learningRate * g) / Math.sqrt(squares[i] + epsilon);
      }
      variable.assign(tf.tensor(values, variable.shape));
    }
    return { loss: value.dataSync()[0], globalNorm };
  }

  #loss({ timeSteps, batchSize, inputs, targets, mask }: BatchArrays): tf.Scalar {
    const { inputSize, outputSize } = this.#core.config;
    const x = composed(this.#core, tf.tensor3d(inputs, [timeSteps, batchSize, inputSize])).outputs;
    const z = tf.tensor3d(targets, [timeSteps, batchSize, outputSize]);
    const bits = tf.add(tf.sub(tf.relu(x), tf.mul(x, z)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    return tf.div(tf.sum(tf.mul(tf.sum(bits, 2), tf.tensor2d(mask, [timeSteps, batchSize]))), batchSize);
  }

  get meanSquares(): number[] {
    return this.#meanSquares.flat();
  }
}

const OPTIONS = { optimizer: rmsProp({ learningRate: 0.02, decay: 0.7, epsilon: 1e-3 }), maxGradNorm: 50 };

/** Trains the same network on both paths. */
function trainTwice(config: object, batches: readonly BatchArrays[], options: WasmTrainerOptions = OPTIONS) {
  const [core, plainCore] = [1, 2].map(() => new Dnc({ ...TINY, ...config }));
  const [training, plain] = [new WasmTrainer(core, options), new PlainTraining(plainCore, options)];
  for (const batch of batches) {
    const [{ loss, globalNorm, applied }, expected] = [training.step(batch), plain.step(batch)];
    expect(applied).toBe(true);
    expect(loss).toBeAllClose(expected.loss, { relative: 1e-5 });
    expect(globalNorm).toBeAllClose(expected.globalNorm, { relative: 1e-4 });
  }
  training.writeToVariables();
  for (const [index, { variable }] of core.variables.entries())
    expect(variable).toBeAllClose(plainCore.variables[index].variable, { absolute: 2e-5 });
  expect(meanSquaresOf(training)).toBeAllClose(plain.meanSquares, { absolute: 2e-5, relative: 1e-4 });
  training.dispose();
}

const BATCHES = [5, 3, 6, 1, 3].map((time, seed) => makeBatch(time, 4, seed));

describe("training with one call per iteration equals separate gradients, clipping and RMSProp", () => {
  it.each([
    ["an LSTM", {}],
    ["a deep LSTM and two write heads", { controller: "deep-lstm", layers: 2, writeHeads: 2 }],
    ["a controller without a past", { controller: "feed-forward" }],
    ["logits and states that are clipped", { clipValue: 0.1 }],
    ["nothing clipped", { clipValue: null }],
  ])("for %s, over batches of different lengths", (_, config) => trainTwice(config, BATCHES));

  it("for one sequence of one step", () => trainTwice({}, [makeBatch(1, 1, 1), makeBatch(1, 1, 2)]));

  it("for batches of different sizes", () =>
    trainTwice(
      {},
      [2, 5, 1].map((batch) => makeBatch(3, batch, batch)),
    ));

  it("where gradients are clipped", () => {
    const options = { ...OPTIONS, maxGradNorm: 0.05 };
    const training = new WasmTrainer(new Dnc(TINY), options);
    expect(training.step(BATCHES[0]).globalNorm).toBeGreaterThan(0.5);
    trainTwice({}, BATCHES, options);
  });

  it("with the reference's defaults", () => trainTwice({}, BATCHES, {}));

  it("where no time step counts: no loss, no gradient, and only the mean squares decay", () => {
    const core = new Dnc(TINY);
    const training = new WasmTrainer(core, OPTIONS);
    const before = core.variables.map(({ variable }) => Array.from(variable.dataSync()));
    const step = training.step({ ...BATCHES[0], mask: BATCHES[0].mask.map(() => 0) });
    expect(step).toEqual({ loss: 0, globalNorm: 0, applied: true });
    const after = parametersOf(core, training);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toBeAllClose(
      new Float32Array(meanSquaresOf(training).length).fill(OPTIONS.optimizer.decay as number),
    );
  });
});

describe("WasmTrainer", () => {
  it.each([0, -1])("changes nothing after parameter tensor %d was NaN, and continues", (index) => {
    const core = new Dnc(TINY);
    const [training, undisturbed] = [core, new Dnc(TINY)].map((own) => new WasmTrainer(own, OPTIONS));
    expect(training.step(BATCHES[0])).toEqual(undisturbed.step(BATCHES[0]));
    const before = parametersOf(core, training);
    const { variable } = core.variables.at(index) as (typeof core.variables)[number];
    const good = tf.clone(variable);
    variable.assign(tf.fill(variable.shape, Number.NaN));
    training.readFromVariables();
    expect(training.step(BATCHES[1]).applied).toBe(false);
    variable.assign(good);
    training.readFromVariables();
    expect(parametersOf(core, training)).toEqual(before);
    expect(training.step(BATCHES[2])).toEqual(undisturbed.step(BATCHES[2]));
  });

  it("changes nothing while a parameter is NaN, and reports it", () => {
    const core = new Dnc(TINY);
    const { variable } = core.variables[0];
    variable.assign(tf.fill(variable.shape, Number.NaN));
    const training = new WasmTrainer(core);
    const { loss, applied } = training.step(BATCHES[0]);
    expect(loss).toBeNaN();
    expect(applied).toBe(false);
    const [, ...others] = core.variables.map(({ variable }) => Array.from(variable.dataSync()));
    expect(parametersOf(core, training).slice(1, -1)).toEqual(others);
  });

  it("continues bit by bit from the variables that were written", () => {
    const [core, other] = [new Dnc(TINY), new Dnc({ ...TINY, seed: 2 })];
    const training = new WasmTrainer(core, OPTIONS);
    for (const batch of BATCHES.slice(0, 2)) training.step(batch);
    training.writeToVariables();
    for (const [index, { variable }] of other.variables.entries()) variable.assign(core.variables[index].variable);
    const resumed = new WasmTrainer(other, OPTIONS);
    meanSquaresOf(resumed).set(meanSquaresOf(training));
    resumed.readFromVariables();
    for (const batch of BATCHES.slice(2)) expect(resumed.step(batch)).toEqual(training.step(batch));
    expect(parametersOf(other, resumed)).toEqual(parametersOf(core, training));
  });

  it("uses changed variables only after readFromVariables", () => {
    const [core, plain] = [new Dnc(TINY), new Dnc(TINY)];
    const [training, expected] = [core, plain].map((own) => new WasmTrainer(own, OPTIONS));
    training.step(BATCHES[0]);
    expected.step(BATCHES[0]);
    for (const { variable } of core.variables) variable.assign(tf.zerosLike(variable));
    expect(training.step(BATCHES[1])).toEqual(expected.step(BATCHES[1]));
    training.readFromVariables();
    expect(training.step(BATCHES[0]).loss).not.toBe(expected.step(BATCHES[0]).loss);
  });

  it("uses the current learning rate for each update, and keeps the optimizer's state", () => {
    const [changed, resumed] = [1, 2].map(() => new Dnc(TINY));
    const batch = makeBatch(3, 2, 5);
    const trainer = new WasmTrainer(changed, OPTIONS);
    trainer.step(batch);
    trainer.setLearningRate(0.005);
    trainer.step(batch);

    const first = new WasmTrainer(resumed, OPTIONS);
    first.step(batch);
    first.writeToVariables();
    const optimizer = { ...OPTIONS.optimizer, learningRate: 0.005 };
    const second = new WasmTrainer(resumed, { ...OPTIONS, optimizer });
    meanSquaresOf(second).set(meanSquaresOf(first));
    second.readFromVariables();
    second.step(batch);
    expect(parametersOf(changed, trainer)).toEqual(parametersOf(resumed, second));
    expect(() => trainer.setLearningRate(0)).toThrow(
      new RangeError("optimizer.learningRate: expected a finite number above 0, got 0"),
    );
    for (const each of [trainer, first, second]) each.dispose();
  });

  it("returns the logits of the last step, before its update", () => {
    const core = new Dnc(TINY);
    const training = new WasmTrainer(core, OPTIONS);
    expect(() => training.logits(5, 4)).toThrow(new RangeError("logits: expected none, got 5 of 4"));
    const inputs = tf.tensor3d(BATCHES[0].inputs, [5, 4, TINY.inputSize]);
    const { outputs } = composed(core, inputs);
    training.step(BATCHES[0]);
    expect(training.logits(5, 4)).toBeAllClose(Array.from(outputs.dataSync()));
    expect(() => training.logits(4, 5)).toThrow(new RangeError("logits: expected 5 of 4, got 4 of 5"));
  });

  it.each([
    [
      { optimizer: rmsProp({ learningRate: 0 }) },
      RangeError,
      "optimizer.learningRate: expected a finite number above 0, got 0",
    ],
    [
      { optimizer: rmsProp({ learningRate: Number.POSITIVE_INFINITY }) },
      RangeError,
      "optimizer.learningRate: expected a finite number above 0, got Infinity",
    ],
    [
      { optimizer: rmsProp({ epsilon: -1 }) },
      RangeError,
      "optimizer.epsilon: expected a finite number above 0, got -1",
    ],
    [{ maxGradNorm: Number.NaN }, RangeError, "maxGradNorm: expected a finite number above 0, got NaN"],
    [{ optimizer: rmsProp({ decay: 1 }) }, RangeError, "optimizer.decay: expected a number in [0, 1), got 1"],
    [{ threads: 0 }, RangeError, "threads: expected an integer above 0, got 0"],
    [{ threads: 1.5 }, RangeError, "threads: expected an integer above 0, got 1.5"],
    [
      { optimizer: rmsProp({ learningRate: "0.1" as never }) },
      TypeError,
      'optimizer.learningRate: expected a number, got "0.1"',
    ],
    [{ momentum: 0.9 }, TypeError, 'options: unknown key "momentum"'],
    [{ optimizer: { ...rmsProp(), momentun: 0.9 } }, TypeError, 'optimizer: unknown key "momentun"'],
    [{ optimizer: rmsProp({ momentum: 1 }) }, RangeError, "optimizer.momentum: expected a number in [0, 1), got 1"],
    [{ optimizer: { type: "sgd" } }, TypeError, 'optimizer.type: expected "rmsprop" or "adam", got "sgd"'],
    [{ optimizer: {} }, TypeError, 'optimizer.type: expected "rmsprop" or "adam", got undefined'],
    [{ optimizer: "rmsprop" }, TypeError, 'optimizer: expected an object, got "rmsprop"'],
    [{ loss: "hinge" }, TypeError, 'loss: expected "sigmoid", "softmax", "squared" or "linear", got "hinge"'],
    [
      { loss: "softmax", groupSizes: [1, 2] },
      RangeError,
      "groupSizes: expected sizes that add up to the 2 outputs, got 3",
    ],
    [{ groupSizes: [2] }, TypeError, 'groupSizes: expected none for loss "sigmoid", got an array'],
    [{ instructionSet: "sse" }, TypeError, 'instructionSet: expected one of relaxed-simd, simd, got "sse"'],
  ])("refuses the options %j", (options, kind, message) => {
    const create = () => new WasmTrainer(new Dnc(TINY), options as WasmTrainerOptions);
    expect(create).toThrow(new (kind as ErrorConstructor)(message));
  });

  it("uses the default for an option that is undefined", () => {
    expect(
      new WasmTrainer(new Dnc(TINY), { optimizer: rmsProp({ learningRate: undefined }), threads: undefined }),
    ).toBeDefined();
  });

  it.each([
    ["rnn" as never, 'controller: expected one of "lstm", "deep-lstm", "gru", "feed-forward", got "rnn"'],
    [
      () => {
        throw new Error("unused");
      },
      'controller: expected one of "lstm", "deep-lstm", "gru", "feed-forward", got a function',
    ],
  ])("refuses a core that the engine does not support", (controller, message) => {
    const core = { config: { ...new Dnc(TINY).config, controller }, variables: [] };
    expect(() => new WasmTrainer(core)).toThrow(new TypeError(message));
  });

  it.each([
    [{ timeSteps: 0 }, "timeSteps: expected an integer above 0, got 0"],
    [{ batchSize: 1.5 }, "batchSize: expected an integer above 0, got 1.5"],
    [{ inputs: new Float32Array(3) }, "inputs: expected 60 numbers, got 3"],
    [{ targets: new Float32Array(0) }, "targets: expected 40 numbers, got 0"],
    [{ mask: new Float32Array(21) }, "mask: expected 20 numbers, got 21"],
  ])("refuses a batch of wrong sizes: %j", (part, message) => {
    const training = new WasmTrainer(new Dnc(TINY));
    expect(() => training.step({ ...BATCHES[0], ...part })).toThrow(new RangeError(message));
    expect(training.step(BATCHES[0]).applied).toBe(true);
  });

  it("disposes once and runs no more", () => {
    const [first, second] = [1, 2].map(() => new WasmTrainer(new Dnc(TINY), OPTIONS));
    first.step(BATCHES[0]);
    first.dispose();
    first.dispose();
    const [third, expected] = [new WasmTrainer(new Dnc(TINY), OPTIONS), second.step(BATCHES[0])];
    expect(third.step(BATCHES[0])).toEqual(expected);
    expect(third.step(BATCHES[1])).toEqual(second.step(BATCHES[1]));
    expect(() => first.step(BATCHES[0])).toThrow("disposed");
  });
});
