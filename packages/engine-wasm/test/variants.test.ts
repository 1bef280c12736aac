import { LstmNetwork, type UnrollOptions, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configureEngine, type InstructionSet } from "../src/index.js";
import {
  composed,
  Dnc,
  distance,
  isSupported,
  makeState,
  normal,
  results,
  type StateKind,
  setBiases,
  TINY,
} from "./support.js";

const sizes = fc.record({
  inputSize: fc.integer({ min: 1, max: 5 }),
  outputSize: fc.integer({ min: 1, max: 5 }),
  memorySize: fc.integer({ min: 1, max: 20 }),
  wordSize: fc.integer({ min: 2, max: 18 }),
  readHeads: fc.integer({ min: 1, max: 5 }),
  writeHeads: fc.integer({ min: 1, max: 3 }),
  hiddenSize: fc.integer({ min: 1, max: 20 }),
  clipValue: fc.constantFrom(null, 0, 0.05, 20),
  seed: fc.integer({ min: 0, max: 1000 }),
});
const controllers = fc.oneof(
  fc.constantFrom("lstm" as const, "gru" as const, "feed-forward" as const).map((controller) => ({ controller })),
  fc.integer({ min: 2, max: 3 }).map((layers) => ({ controller: "deep-lstm" as const, layers })),
);
const maskings = fc.constantFrom(false, true, { minimum: 0.3 });
const variants = fc.oneof(
  fc.record({ masking: maskings, deallocation: fc.boolean(), sharpness: fc.boolean() }),
  fc.record({ masking: maskings, deallocation: fc.boolean(), links: fc.constant(false) }),
);
const cases = fc.record({
  config: fc.tuple(sizes, controllers, variants).map(([size, controller, memory]) => ({ ...size, ...controller, memory })),
  time: fc.integer({ min: 1, max: 5 }),
  batch: fc.integer({ min: 1, max: 4 }),
  select: fc.constantFrom("all", "mask", "lengths"),
});

/** Options that leave out steps: by a random mask, or by lengths. */
function selection(select: string, time: number, batch: number, seed: number): UnrollOptions {
  if (select === "mask") return { inputMask: tf.round(tf.randomUniform([time, batch], 0, 1, "float32", seed + 1)) };
  if (select === "lengths") return { lengths: Array.from({ length: batch }, (_, at) => (at * 7 + seed) % (time + 1)) };
  return {};
}

/** Runs both paths and returns the largest difference. */
function differenceOf(core: Dnc, time: number, batch: number, kind: StateKind, seed = 1, select = "all") {
  expect(isSupported(core)).toBe(true);
  return tf.tidy(() => {
    const inputs = normal([time, batch, core.config.inputSize], seed) as tf.Tensor3D;
    const state = makeState(core, batch, kind, seed);
    const options = selection(select, time, batch, seed);
    const run: typeof composed = (own, x, before) => unroll(own, x, before, { ...options, trace: false });
    const reference: typeof composed = (own, x, before) => composed(own, x, before, options);
    const [fused, expected] = [run, reference].map((path) => results(path, core, inputs, state));
    core.dispose();
    return distance(fused, expected);
  });
}

describe("a network with variants as one op has the outputs, final state and gradients of a loop of steps", () => {
  it.each<[StateKind, InstructionSet, number]>([
    ["random", "relaxed-simd", 40],
    ["random", "simd", 10],
    ["onehot", "relaxed-simd", 10],
  ])("for any network, from a %s state, with %s", (kind, instructionSet, numRuns) => {
    configureEngine({ instructionSet });
    fc.assert(
      fc.property(cases, ({ config, time, batch, select }) => {
        // TensorFlow.js makes no one-hot vector of one number.
        const memorySize = Math.max(config.memorySize, kind === "onehot" ? 2 : 1);
        const core = new Dnc({ ...config, memorySize });
        const { name, difference } = differenceOf(core, time, batch, kind, 1 + config.seed, select);
        expect(difference, name).toBeLessThan(5e-5);
      }),
      { seed: 2, numRuns },
    );
    configureEngine({});
  });

  it.each([
    ["masks", { masking: true }],
    ["masks with a minimum", { masking: { minimum: 0.25 } }],
    ["de-allocation", { deallocation: true }],
    ["sharpness", { sharpness: true }],
    ["no links", { links: false }],
    ["all that go together", { masking: true, deallocation: true, sharpness: true }],
    ["no links and the others", { masking: true, deallocation: true, links: false }],
  ])("with %s, whatever the heads", (_, memory) => {
    for (const [readHeads, writeHeads] of [
      [1, 1],
      [4, 1],
      [3, 2],
    ])
      for (const wordSize of [5, 12]) {
        const core = new Dnc({ ...TINY, memory, readHeads, writeHeads, wordSize, memorySize: 9 });
        const { name, difference } = differenceOf(core, 3, 2, "random");
        expect(difference, name).toBeLessThan(2e-5);
      }
  });

  it.each([
    ["masks are 0", { masking: true }, /_masks/, -1000],
    ["masks are 1", { masking: { minimum: 0.5 } }, /_masks/, 1000],
    ["all that was read is freed", { deallocation: true }, /free_gate/, 1000],
    ["sharpness is large", { sharpness: true }, /_sharpness/, 30],
    ["sharpness is 1", { sharpness: true }, /_sharpness/, -1000],
  ])("where %s", (_, memory, biases, value) => {
    for (const kind of ["random", "onehot"] as const)
      for (const writeHeads of [1, 2]) {
        const core = new Dnc({ ...TINY, memory, writeHeads });
        setBiases(core, biases, value);
        const { name, difference } = differenceOf(core, 2, 2, kind);
        expect(difference, name).toBeLessThan(1e-4);
      }
  });

  it.each([1, 3])("for an LSTM network of %d layers without a memory", (layers) => {
    for (const [select, clipValue] of [
      ["all", 20],
      ["mask", 0.05],
      ["lengths", 0],
    ] as const) {
      const core = new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 7, layers, clipValue, seed: 2 });
      const { name, difference } = differenceOf(core as never, 4, 3, "random", 1, select);
      expect(difference, name).toBeLessThan(2e-5);
    }
  });

  it("for the same sequence with two masks, whose steps are saved apart", () => {
    const core = new Dnc(TINY);
    const inputs = normal([3, 2, 3], 1) as tf.Tensor3D;
    const masks = [1, 2].map((seed) => selection("mask", 3, 2, seed));
    const gradient = (run: typeof composed) =>
      tf.grad((x) => {
        const [first, second] = masks.map((options) => run(core, x as tf.Tensor3D, undefined, options).outputs);
        return tf.add(tf.sum(tf.square(first)), tf.sum(second));
      })(inputs);
    const run: typeof composed = (own, x, before, options) => unroll(own, x, before, { ...options, trace: false });
    expect(gradient(run)).toBeAllClose(gradient(composed));
  });
});
