import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { type FusedBatch, FusedTraining, type FusedTrainingOptions } from "../src/index.js";
import { composed, Dnc, makeBatch, parametersOf, TINY } from "./support.js";

type PlainOptions = Record<"learningRate" | "decay" | "epsilon" | "maxGradNorm", number>;

/** Learning by definition: gradients of the composed path, clipping and RMSProp in plain numbers. */
class PlainTraining {
  readonly #core: Dnc;
  readonly #options: PlainOptions;
  readonly #meanSquares: number[][];

  constructor(core: Dnc, options: FusedTrainingOptions) {
    this.#core = core;
    this.#options = { learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, maxGradNorm: 50, ...options } as PlainOptions;
    this.#meanSquares = core.variables.map(({ variable }) => new Array<number>(variable.size).fill(1));
  }

  step(batch: FusedBatch): { loss: number; globalNorm: number } {
    const { learningRate, decay, epsilon, maxGradNorm } = this.#options;
    const variables = this.#core.variables.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(() => this.#cost(batch), variables);
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

  #cost({ time, batch, observations, target, mask }: FusedBatch): tf.Scalar {
    const { inputSize, outputSize } = this.#core.config;
    const x = composed(this.#core, tf.tensor3d(observations, [time, batch, inputSize])).outputs;
    const z = tf.tensor3d(target, [time, batch, outputSize]);
    const bits = tf.add(tf.sub(tf.relu(x), tf.mul(x, z)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    return tf.div(tf.sum(tf.mul(tf.sum(bits, 2), tf.tensor2d(mask, [time, batch]))), batch);
  }

  get meanSquares(): number[] {
    return this.#meanSquares.flat();
  }
}

const OPTIONS = { learningRate: 0.02, decay: 0.7, epsilon: 1e-3, maxGradNorm: 50 };

/** Trains the same network both ways. */
function trainTwice(config: object, batches: readonly FusedBatch[], options: FusedTrainingOptions = OPTIONS) {
  const [core, plainCore] = [1, 2].map(() => new Dnc({ ...TINY, ...config }));
  const [training, plain] = [new FusedTraining(core, options), new PlainTraining(plainCore, options)];
  for (const batch of batches) {
    const [{ loss, globalNorm, applied }, expected] = [training.step(batch), plain.step(batch)];
    expect(applied).toBe(true);
    expect(loss).toBeAllClose(expected.loss, { relative: 1e-5 });
    expect(globalNorm).toBeAllClose(expected.globalNorm, { relative: 1e-4 });
  }
  training.pull();
  for (const [index, { variable }] of core.variables.entries())
    expect(variable).toBeAllClose(plainCore.variables[index].variable, { absolute: 2e-5 });
  expect(training.meanSquares).toBeAllClose(plain.meanSquares, { absolute: 2e-5, relative: 1e-4 });
  training.dispose();
}

const BATCHES = [5, 3, 6, 1, 3].map((time, seed) => makeBatch(time, 4, seed));

describe("training in one call an iteration is the same as gradients, clipping and RMSProp one by one", () => {
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

  it("where gradients are longer than they may be", () => {
    const options = { ...OPTIONS, maxGradNorm: 0.05 };
    const training = new FusedTraining(new Dnc(TINY), options);
    expect(training.step(BATCHES[0]).globalNorm).toBeGreaterThan(0.5);
    trainTwice({}, BATCHES, options);
  });

  it("with the reference's defaults", () => trainTwice({}, BATCHES, {}));

  it("where nothing counts: no loss, no gradient, and only the mean squares decay", () => {
    const core = new Dnc(TINY);
    const training = new FusedTraining(core, OPTIONS);
    const before = core.variables.map(({ variable }) => Array.from(variable.dataSync()));
    const step = training.step({ ...BATCHES[0], mask: BATCHES[0].mask.map(() => 0) });
    expect(step).toEqual({ loss: 0, globalNorm: 0, applied: true });
    const after = parametersOf(core, training);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after.at(-1)).toBeAllClose(new Float32Array(training.meanSquares.length).fill(OPTIONS.decay));
  });
});

describe("FusedTraining", () => {
  it.each([0, -1])("moves nothing after parameter tensor %d was NaN, and goes on", (index) => {
    const core = new Dnc(TINY);
    const [training, undisturbed] = [core, new Dnc(TINY)].map((own) => new FusedTraining(own, OPTIONS));
    expect(training.step(BATCHES[0])).toEqual(undisturbed.step(BATCHES[0]));
    const before = parametersOf(core, training);
    const { variable } = core.variables.at(index) as (typeof core.variables)[number];
    const good = tf.clone(variable);
    variable.assign(tf.fill(variable.shape, Number.NaN));
    training.push();
    expect(training.step(BATCHES[1]).applied).toBe(false);
    variable.assign(good);
    training.push();
    expect(parametersOf(core, training)).toEqual(before);
    expect(training.step(BATCHES[2])).toEqual(undisturbed.step(BATCHES[2]));
  });

  it("moves nothing while a parameter is no number, and says so", () => {
    const core = new Dnc(TINY);
    const { variable } = core.variables[0];
    variable.assign(tf.fill(variable.shape, Number.NaN));
    const training = new FusedTraining(core);
    const { loss, applied } = training.step(BATCHES[0]);
    expect(loss).toBeNaN();
    expect(applied).toBe(false);
    const [, ...others] = core.variables.map(({ variable }) => Array.from(variable.dataSync()));
    expect(parametersOf(core, training).slice(1, -1)).toEqual(others);
  });

  it("continues bit by bit from what was pulled", () => {
    const [core, other] = [new Dnc(TINY), new Dnc({ ...TINY, seed: 2 })];
    const training = new FusedTraining(core, OPTIONS);
    for (const batch of BATCHES.slice(0, 2)) training.step(batch);
    training.pull();
    for (const [index, { variable }] of other.variables.entries()) variable.assign(core.variables[index].variable);
    const resumed = new FusedTraining(other, OPTIONS);
    resumed.meanSquares.set(training.meanSquares);
    resumed.push();
    for (const batch of BATCHES.slice(2)) expect(resumed.step(batch)).toEqual(training.step(batch));
    expect(parametersOf(other, resumed)).toEqual(parametersOf(core, training));
  });

  it("takes what was changed when it is pushed, and not before", () => {
    const [core, plain] = [new Dnc(TINY), new Dnc(TINY)];
    const [training, expected] = [core, plain].map((own) => new FusedTraining(own, OPTIONS));
    training.step(BATCHES[0]);
    expected.step(BATCHES[0]);
    for (const { variable } of core.variables) variable.assign(tf.zerosLike(variable));
    expect(training.step(BATCHES[1])).toEqual(expected.step(BATCHES[1]));
    training.push();
    expect(training.step(BATCHES[0]).loss).not.toBe(expected.step(BATCHES[0]).loss);
  });

  it("gives the logits of the last step, before its update", () => {
    const core = new Dnc(TINY);
    const training = new FusedTraining(core, OPTIONS);
    expect(() => training.logits(5, 4)).toThrow(new RangeError("logits: expected none, got 5 of 4"));
    const inputs = tf.tensor3d(BATCHES[0].observations, [5, 4, TINY.inputSize]);
    const { outputs } = composed(core, inputs);
    training.step(BATCHES[0]);
    expect(training.logits(5, 4)).toBeAllClose(Array.from(outputs.dataSync()));
    expect(() => training.logits(4, 5)).toThrow(new RangeError("logits: expected 5 of 4, got 4 of 5"));
  });

  it.each([
    [{ learningRate: 0 }, RangeError, "learningRate: expected a finite number above 0, got 0"],
    [
      { learningRate: Number.POSITIVE_INFINITY },
      RangeError,
      "learningRate: expected a finite number above 0, got Infinity",
    ],
    [{ epsilon: -1 }, RangeError, "epsilon: expected a finite number above 0, got -1"],
    [{ maxGradNorm: Number.NaN }, RangeError, "maxGradNorm: expected a finite number above 0, got NaN"],
    [{ decay: 1 }, RangeError, "decay: expected a number in [0, 1), got 1"],
    [{ threads: 0 }, RangeError, "threads: expected an integer above 0, got 0"],
    [{ threads: 1.5 }, RangeError, "threads: expected an integer above 0, got 1.5"],
    [{ learningRate: "0.1" }, TypeError, 'learningRate: expected a number, got "0.1"'],
    [{ momentum: 0.9 }, TypeError, 'options: unknown key "momentum"'],
    [{ instructionSet: "sse" }, TypeError, 'instructionSet: expected one of relaxed-simd, simd, got "sse"'],
  ])("refuses the options %j", (options, kind, message) => {
    const create = () => new FusedTraining(new Dnc(TINY), options as FusedTrainingOptions);
    expect(create).toThrow(new (kind as ErrorConstructor)(message));
  });

  it("takes an option that is undefined for its default", () => {
    expect(new FusedTraining(new Dnc(TINY), { learningRate: undefined, threads: undefined } as object)).toBeDefined();
  });

  it.each([
    ["gru" as const, 'core: expected a controller that the engine covers, got "gru"'],
    [
      () => {
        throw new Error("unused");
      },
      "core: expected a controller that the engine covers, got a function",
    ],
  ])("refuses a core that the engine does not cover", (controller, message) => {
    const core = { config: { ...new Dnc(TINY).config, controller }, variables: [] };
    expect(() => new FusedTraining(core)).toThrow(new TypeError(message));
  });

  it.each([
    [{ time: 0 }, "time: expected an integer above 0, got 0"],
    [{ batch: 1.5 }, "batch: expected an integer above 0, got 1.5"],
    [{ observations: new Float32Array(3) }, "observations: expected 60 numbers, got 3"],
    [{ target: new Float32Array(0) }, "target: expected 40 numbers, got 0"],
    [{ mask: new Float32Array(21) }, "mask: expected 20 numbers, got 21"],
  ])("refuses a batch of wrong sizes: %j", (part, message) => {
    const training = new FusedTraining(new Dnc(TINY));
    expect(() => training.step({ ...BATCHES[0], ...part })).toThrow(new RangeError(message));
    expect(training.step(BATCHES[0]).applied).toBe(true);
  });

  it("disposes once and runs no more", () => {
    const [first, second] = [1, 2].map(() => new FusedTraining(new Dnc(TINY), OPTIONS));
    first.step(BATCHES[0]);
    first.dispose();
    first.dispose();
    const [third, expected] = [new FusedTraining(new Dnc(TINY), OPTIONS), second.step(BATCHES[0])];
    expect(third.step(BATCHES[0])).toEqual(expected);
    expect(third.step(BATCHES[1])).toEqual(second.step(BATCHES[1]));
    expect(() => first.step(BATCHES[0])).toThrow("disposed");
  });
});
