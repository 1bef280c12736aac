/** Tests histories of links and memory that are not kept whole: the numbers are the same to the last bit. */
import { unroll } from "@dnc/core";
import type { BatchArrays } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WasmTrainer } from "../src/index.js";
import { INSTRUCTION_SETS } from "../src/kernel.js";
import { Network } from "../src/network.js";
import { Dnc, makeBatch, makeState, normal, parametersOf, results, rmsProp, TINY } from "./support.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs a function with a largest history in MiB; returns its result, and the numbers of parts and places that networks had. */
function withLimit<Result>(historyLimit: number, run: () => Result) {
  const prepare = Network.prototype.prepare;
  const parts = new Set<number>();
  const places = new Set<number>();
  vi.spyOn(Network.prototype, "prepare").mockImplementation(function (this: Network, shape) {
    this.set({ historyLimit });
    prepare.call(this, shape);
    parts.add(this.get("keptParts"));
    places.add(this.get("places"));
  });
  const result = run();
  vi.restoreAllMocks();
  return { result, parts: [...parts], places: [...places] };
}

const NETWORKS = {
  "a small link": TINY,
  "a large link": { ...TINY, memorySize: 67 },
  "two write heads": { ...TINY, writeHeads: 2, readHeads: 3 },
  "every variant": { ...TINY, memory: { masking: { minimum: 0.1 }, deallocation: true, sharpness: true } },
  "no links": { ...TINY, memory: { links: false, deallocation: true } },
};

describe.each(Object.entries(NETWORKS))("with %s", (_, config) => {
  it.each(INSTRUCTION_SETS)("training has the same bits if only some steps are kept, with %s", (instructionSet) => {
    const train = (time: number, change: Partial<BatchArrays>, carryState: boolean) => {
      const core = new Dnc(config);
      const options = { threads: 1, instructionSet, carryState, optimizer: rmsProp({ learningRate: 0.01 }) };
      const trainer = new WasmTrainer(core, options);
      const losses = [1, 2, 3].map((seed) => trainer.step({ ...makeBatch(time, 3, seed), ...change }));
      const bits = [losses, parametersOf(core, trainer), trainer.carriedState];
      trainer.dispose();
      return bits;
    };
    for (const [time, groups] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 3],
      [8, 5],
      [9, 5],
      [10, 5],
      [17, 7],
    ]) {
      const lengths = Uint32Array.of(time, Math.ceil(time / 2), 0);
      const mask = Float32Array.from({ length: time * 3 }, (_, row) =>
        Math.floor(row / 3) < lengths[row % 3] ? 1 : 0,
      );
      for (const [change, carryState] of [
        [{}, false],
        [{}, true],
        [{ lengths, mask }, false],
      ] as const) {
        const [whole, some] = [1e6, 0].map((limit) => withLimit(limit, () => train(time, change, carryState)));
        expect(whole.parts).toEqual([time + 1]);
        expect(some.parts).toEqual([groups]);
        expect(some.result, `${time} steps`).toEqual(whole.result);
      }
    }
  });

  it.each([
    [1, 11, 4],
    [1, 8, 4],
    [1, 4, 4],
    [2, 11, 6],
    [3, 9, 9],
  ])("training on %i threads has the same bits if %i sequences are run %i at a time", (threads, batchSize, some) => {
    const batch = makeBatch(6, batchSize, 1);
    const lengths = Uint32Array.from({ length: batchSize }, (_, element) => (element * 5) % 7);
    const mask = batch.mask.map((value, row) => (Math.floor(row / batchSize) < lengths[row % batchSize] ? value : 0));
    const train = (carryState: boolean) => {
      const core = new Dnc(config);
      const trainer = new WasmTrainer(core, { threads, carryState, optimizer: rmsProp({ learningRate: 0.01 }) });
      const steps = [batch, { ...batch, lengths, mask }].map((each) =>
        trainer.step({ ...each, newSequences: carryState }),
      );
      const bits = [steps, trainer.logits(6, batchSize), parametersOf(core, trainer)];
      trainer.dispose();
      return bits;
    };
    const whole = withLimit(1e6, () => train(false));
    const rounds = withLimit(0, () => train(false));
    expect(whole.places).toEqual([batchSize]);
    expect(rounds.places).toEqual([some]);
    expect(rounds.result).toEqual(whole.result);
    // The state of all sequences is needed.
    expect(withLimit(0, () => train(true))).toMatchObject({ result: whole.result, places: [batchSize] });
  });

  it("a sequence as one op has the same state and gradients", () => {
    const core = new Dnc(config);
    const inputs = normal([10, 3, 3], 1) as tf.Tensor3D;
    const state = makeState(core, 3, "random", 1);
    const run = () => {
      tf.dispose(unroll(core, tf.slice(inputs, 0, 2))); // of another shape: the network is laid out again
      return [...results(unroll, core, inputs, state)].map(([name, tensor]) => [name, tensor.dataSync()] as const);
    };
    const [whole, some] = [1e6, 0].map((limit) => withLimit(limit, run));
    expect(some.parts).not.toEqual(whole.parts);
    expect(some.result).toEqual(whole.result);
    tf.dispose([inputs]);
  });
});

it("a network is as it was if WebAssembly has no memory for a history", () => {
  const options = { threads: 1, optimizer: rmsProp({ learningRate: 0.01 }) };
  const [trainer, undisturbed] = [1, 2].map(() => new WasmTrainer(new Dnc({ ...TINY, memorySize: 1536 }), options));
  const batch = makeBatch(3, 1, 1);
  expect(trainer.step(batch)).toEqual(undisturbed.step(batch));
  expect(() => withLimit(1e6, () => trainer.reserve(500, 1))).toThrow("memory: expected at most 4.00 GiB"); // 9 MiB a step
  vi.restoreAllMocks();
  expect(trainer.step(batch)).toEqual(undisturbed.step(batch));
  const { parts } = withLimit(2, () => trainer.reserve(500, 1));
  expect(parts).toEqual([33]);
  expect(withLimit(2, () => trainer.step(batch)).result).toEqual(undisturbed.step(batch));
  trainer.dispose();
  undisturbed.dispose();
});
