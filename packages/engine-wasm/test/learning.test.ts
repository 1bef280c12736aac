import { LstmNetwork } from "@dnc/core";
import type { BatchArrays, LossName } from "@dnc/core/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startThreads, WasmTrainer } from "../src/index.js";
import { type PlainOptions, PlainTraining } from "./plain-training.js";
import { Dnc, makeBatch, parametersOf, TINY } from "./support.js";

const RMSPROP = { type: "rmsprop", learningRate: 0.005, decay: 0.7, epsilon: 1e-3, momentum: 0 } as const;
const ADAM = { type: "adam", learningRate: 0.005, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 } as const;
const OPTIMIZERS = { rmsprop: RMSPROP, momentum: { ...RMSPROP, momentum: 0.6 }, adam: ADAM };
const OPTIONS: PlainOptions = {
  optimizer: RMSPROP,
  maxGradNorm: 2,
  loss: "sigmoid",
  groupSizes: [5],
  carryState: false,
};
const CONFIG = { ...TINY, outputSize: 5 };
const LOSSES: readonly (readonly [LossName, readonly number[]])[] = [
  ["sigmoid", [5]],
  ["softmax", [5]],
  ["softmax", [2, 1, 2]],
  ["squared", [5]],
  ["linear", [5]],
];

/** A batch with targets that every loss accepts, which for `softmax` need not sum to 1; some steps are not run. */
function batchOf(
  timeSteps: number,
  batchSize: number,
  seed: number,
  steps: "all" | "mask" | "lengths" = "all",
): BatchArrays {
  const batch = makeBatch(timeSteps, batchSize, seed, CONFIG);
  if (steps === "all") return batch;
  const lengths = Uint32Array.from({ length: batchSize }, (_, at) => (at * 5 + seed) % (timeSteps + 1));
  const inputMask = makeBatch(timeSteps, batchSize, seed + 50, CONFIG).mask;
  const isRun = (row: number) =>
    steps === "mask" ? inputMask[row] === 1 : Math.floor(row / batchSize) < lengths[row % batchSize];
  const mask = batch.mask.map((value, row) => (isRun(row) ? value : 0));
  return steps === "mask" ? { ...batch, mask, inputMask } : { ...batch, mask, lengths };
}

function trainerOptions({ groupSizes, ...options }: PlainOptions) {
  return options.loss === "softmax" ? { ...options, groupSizes } : options;
}

/** Trains the same network on both paths. */
function trainTwice(create: () => Dnc, batches: readonly BatchArrays[], options: PlainOptions): void {
  const [core, plainCore] = [create(), create()];
  const [training, plain] = [new WasmTrainer(core, trainerOptions(options)), new PlainTraining(plainCore, options)];
  for (const batch of batches) {
    const [{ loss, globalNorm, applied }, expected] = [training.step(batch), plain.step(batch)];
    expect(applied).toBe(true);
    expect(loss).toBeAllClose(expected.loss, { absolute: 1e-5, relative: 1e-4 });
    expect(globalNorm).toBeAllClose(expected.globalNorm, { absolute: 1e-5, relative: 1e-3 });
  }
  training.writeToVariables();
  for (const [index, { variable }] of core.variables.entries())
    expect(variable).toBeAllClose(plainCore.variables[index].variable, { absolute: 5e-5 });
  training.dispose();
  core.dispose();
  plainCore.dispose();
}

const sequence = (count: number, steps?: "mask" | "lengths") =>
  Array.from({ length: count }, (_, at) => batchOf(1 + ((at * 3) % 4), 3, at, steps));

describe("twenty training steps equal separate gradients, clipping and updates in plain numbers", () => {
  it.each(LOSSES.flatMap((loss) => Object.entries(OPTIMIZERS).map((optimizer) => [...loss, ...optimizer] as const)))(
    "for the loss %s of groups %j and %s",
    (loss, groupSizes, _, optimizer) =>
      trainTwice(() => new Dnc(CONFIG), sequence(20), { ...OPTIONS, loss, groupSizes, optimizer }),
  );

  it.each([
    ["masks", { memory: { masking: { minimum: 0.1 } } }],
    ["de-allocation", { memory: { deallocation: true } }],
    ["sharpness", { memory: { sharpness: true } }],
    ["no links", { memory: { links: false } }],
    ["a GRU", { controller: "gru" as const }],
    ["all variants", { memory: { masking: true, deallocation: true, sharpness: true }, controller: "gru" as const }],
  ])("for %s", (_, config) => trainTwice(() => new Dnc({ ...CONFIG, ...config }), sequence(20), OPTIONS));

  it.each([1, 2])("for an LSTM network of %d layers", (layers) => {
    const create = () => new LstmNetwork({ inputSize: 3, outputSize: 5, hiddenSize: 6, layers, seed: 1 });
    trainTwice(create as never, sequence(20), { ...OPTIONS, loss: "squared" });
  });

  it.each(["mask", "lengths"] as const)("where steps are left out by %s", (steps) => {
    for (const controller of ["lstm", "gru", "feed-forward"] as const)
      trainTwice(() => new Dnc({ ...CONFIG, controller, writeHeads: 2 }), sequence(6, steps), OPTIONS);
  });

  it("where each batch continues the one before", () => {
    const batches = sequence(8, "lengths").map((batch, at) => (at === 5 ? { ...batch, newSequences: true } : batch));
    for (const config of [{}, { memory: { links: false } }, { controller: "gru" as const }])
      trainTwice(() => new Dnc({ ...CONFIG, ...config }), batches, { ...OPTIONS, carryState: true });
  });
});

const configs = fc.record({
  ...{ inputSize: fc.constant(3), outputSize: fc.constant(5), wordSize: fc.integer({ min: 2, max: 9 }) },
  ...{ memorySize: fc.integer({ min: 1, max: 13 }), hiddenSize: fc.integer({ min: 1, max: 40 }) },
  ...{ readHeads: fc.integer({ min: 1, max: 4 }), writeHeads: fc.integer({ min: 1, max: 2 }) },
  controller: fc.constantFrom("lstm" as const, "gru" as const, "feed-forward" as const),
  memory: fc.oneof(
    fc.record({ masking: fc.boolean(), deallocation: fc.boolean(), sharpness: fc.boolean() }),
    fc.record({ masking: fc.boolean(), deallocation: fc.boolean(), links: fc.constant(false) }),
  ),
});
const trainings = fc.record({
  config: configs,
  loss: fc.constantFrom(...LOSSES),
  optimizer: fc.constantFrom(...Object.values(OPTIMIZERS)),
  carryState: fc.boolean(),
  steps: fc.constantFrom("all" as const, "mask" as const, "lengths" as const),
});

describe("training has the same bits, whatever is trained", () => {
  it("on any number of threads, and after it was resumed", async () => {
    expect(await startThreads(3)).toBe(3);
    fc.assert(
      fc.property(trainings, ({ config, loss: [loss, groupSizes], optimizer, carryState, steps }) => {
        const options = trainerOptions({ ...OPTIONS, loss, groupSizes, optimizer, carryState });
        const batches = [3, 1, 4, 2].map((time, seed) => batchOf(time, 3, seed, steps));
        const cores = [1, 2, 3].map(() => new Dnc(config));
        const [one, three, before] = cores.map(
          (core, at) => new WasmTrainer(core, { ...options, threads: at === 1 ? 3 : 1 }),
        );
        const expected = batches.map((batch) => one.step(batch));
        expect(batches.map((batch) => three.step(batch))).toEqual(expected);
        expect(three.threadsUsed).toBe(3);
        const firstHalf = batches.slice(0, 2).map((batch) => before.step(batch));
        before.writeToVariables();
        const resumed = new WasmTrainer(cores[2], { ...options, threads: 2 });
        for (const [name, values] of Object.entries(before.optimizerState))
          (resumed.optimizerState as Record<string, Float32Array>)[name].set(values as Float32Array);
        resumed.carriedState = before.carriedState;
        resumed.readFromVariables();
        expect([...firstHalf, ...batches.slice(2).map((batch) => resumed.step(batch))]).toEqual(expected);
        const bits = [one, three, resumed].map((trainer, at) => [
          parametersOf(cores[at], trainer),
          trainer.carriedState,
        ]);
        expect(bits[1]).toEqual(bits[0]);
        expect(bits[2]).toEqual(bits[0]);
        for (const trainer of [one, three, before, resumed]) trainer.dispose();
        for (const core of cores) core.dispose();
      }),
      { seed: 1, numRuns: 40 },
    );
  });
});

describe("the carried state", () => {
  const trainer = () => new WasmTrainer(new Dnc(CONFIG), { carryState: true });

  it("is that of the last writeToVariables, and undefined before the first batch", () => {
    const training = trainer();
    expect(training.carriedState).toBeUndefined();
    training.step(batchOf(2, 3, 1));
    expect(training.carriedState).toBeUndefined();
    training.writeToVariables();
    const written = training.carriedState;
    expect(written?.usage).toHaveLength(3 * CONFIG.memorySize);
    training.step(batchOf(2, 3, 2));
    expect(training.carriedState).toBe(written);
    training.dispose();
  });

  it("is undefined without carryState, and refused", () => {
    const [training, carrying] = [new WasmTrainer(new Dnc(CONFIG)), trainer()];
    for (const each of [training, carrying]) each.step(batchOf(2, 3, 1));
    training.writeToVariables();
    carrying.writeToVariables();
    expect(training.carriedState).toBeUndefined();
    training.carriedState = carrying.carriedState;
    expect(() => training.readFromVariables()).toThrow(
      new TypeError("carriedState: expected none without carryState, got a state"),
    );
  });

  it("starts from zeros again when undefined is assigned", () => {
    const [training, fresh] = [trainer(), trainer()];
    training.step(batchOf(3, 2, 1));
    training.carriedState = undefined;
    training.readFromVariables();
    for (const values of Object.values(training.optimizerState))
      expect(values?.every((value) => value === 1)).toBe(true);
    expect(training.step(batchOf(3, 4, 2))).toEqual(fresh.step(batchOf(3, 4, 2)));
  });

  it("must have the parts of the network's state", () => {
    const training = trainer();
    training.step(batchOf(2, 3, 1));
    training.writeToVariables();
    const state = training.carriedState as NonNullable<typeof training.carriedState>;
    training.carriedState = { ...state, usage: new Float32Array(5) };
    expect(() => training.readFromVariables()).toThrow(
      new RangeError(`carriedState.usage: expected ${3 * CONFIG.memorySize} numbers, got 5`),
    );
    training.carriedState = { ...state, link: [] as never };
    expect(() => training.readFromVariables()).toThrow(
      new TypeError("carriedState.link: expected a Float32Array, got an array"),
    );
  });

  it("needs batches of the same size, or new sequences", () => {
    const training = trainer();
    training.step(batchOf(2, 3, 1));
    expect(() => training.step(batchOf(2, 4, 2))).toThrow(
      new RangeError("batchSize: expected 3 as in the batch before, or newSequences: true, got 4"),
    );
    expect(training.step({ ...batchOf(2, 4, 2), newSequences: true }).applied).toBe(true);
    expect(training.step(batchOf(2, 4, 3)).applied).toBe(true);
  });
});
