import { unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configureEngine, type InstructionSet } from "../src/index.js";
import { composed, Dnc, distance, makeState, normal, results, type StateKind, setBiases, TINY } from "./support.js";

const sizes = fc.record({
  inputSize: fc.integer({ min: 1, max: 5 }),
  outputSize: fc.integer({ min: 1, max: 5 }),
  memorySize: fc.integer({ min: 1, max: 20 }),
  wordSize: fc.integer({ min: 1, max: 12 }),
  readHeads: fc.integer({ min: 1, max: 5 }),
  writeHeads: fc.integer({ min: 1, max: 3 }),
  hiddenSize: fc.integer({ min: 1, max: 20 }),
  clipValue: fc.constantFrom(null, 0, 0.05, 20),
  seed: fc.integer({ min: 0, max: 1000 }),
});
const controllers = fc.oneof(
  fc.constant({ controller: "lstm" as const }),
  fc.constant({ controller: "feed-forward" as const }),
  fc.integer({ min: 1, max: 4 }).map((layers) => ({ controller: "deep-lstm" as const, layers })),
);
const cases = fc.record({
  config: fc.tuple(sizes, controllers).map(([size, controller]) => ({ ...size, ...controller })),
  time: fc.integer({ min: 1, max: 6 }),
  batch: fc.integer({ min: 1, max: 5 }),
});

/** Runs both paths and returns the largest difference. */
function differenceOf(core: Dnc, time: number, batch: number, kind: StateKind, seed = 1, scale = 1) {
  return tf.tidy(() => {
    const inputs = normal([time, batch, core.config.inputSize], seed, scale) as tf.Tensor3D;
    const state = makeState(core, batch, kind, seed);
    // From the zero state many slots tie, and which of them is written may differ by rounding.
    const isOf = (name: string) => kind !== "zero" || !/access\.|precedence/.test(name);
    const [fused, reference] = [unroll, composed].map((run) => results(run, core, inputs, state, isOf));
    const worst = distance(fused, reference, isOf);
    core.dispose();
    return worst;
  });
}

describe("a sequence as one op has the outputs, final state and gradients of a loop of steps", () => {
  it.each<[StateKind, InstructionSet, number]>([
    ["random", "relaxed-simd", 24],
    ["random", "simd", 8],
    ["tied", "relaxed-simd", 10],
    ["zero", "relaxed-simd", 10],
  ])("for any network, from a %s state, with %s", (kind, instructionSet, numRuns) => {
    configureEngine({ instructionSet });
    fc.assert(
      fc.property(cases, ({ config, time, batch }) => {
        // Writes make tied usages differ by so little that rounding decides their order.
        const steps = kind === "tied" ? Math.min(time, 2) : time;
        const { name, difference } = differenceOf(new Dnc(config), steps, batch, kind, 1 + config.seed);
        // Similarities of single numbers are 1 or -1 up to an epsilon, so gradients to keys are nearly 0.
        expect(difference, name).toBeLessThan(config.wordSize === 1 ? 2e-4 : 5e-5);
      }),
      { seed: 1, numRuns },
    );
    configureEngine({});
  });

  it.each([
    ["one slot", { memorySize: 1 }],
    ["one of everything", { memorySize: 1, wordSize: 1, readHeads: 1, hiddenSize: 1, inputSize: 1, outputSize: 1 }],
    ["more layers than any", { controller: "deep-lstm" as const, layers: 10, hiddenSize: 2 }],
    [
      "widths of whole panels",
      { memorySize: 8, wordSize: 4, readHeads: 4, hiddenSize: 8, inputSize: 8, outputSize: 8 },
    ],
  ])("with %s", (_, config) => {
    for (const [time, batch] of [
      [1, 1],
      [3, 2],
    ]) {
      const { name, difference } = differenceOf(new Dnc({ ...TINY, ...config }), time, batch, "random");
      expect(difference, name).toBeLessThan(2e-5);
    }
  });

  it.each([
    ["all gates are open", /_gate|erase/, 60],
    ["all gates are shut", /_gate|erase/, -60],
    ["nothing is allocated", /allocation_gate/, -60],
    ["only what is allocated is written", /(allocation|write)_gate/, 60],
    ["all that was read is free, and erased", /free_gate|erase/, 60],
    ["gates are exactly 1", /_gate|erase/, 1000],
    ["gates are exactly 0", /_gate|erase/, -1000],
    ["strengths are large", /strengths/, 100],
    ["strengths are next to zero", /strengths/, -100],
    ["one mode of reading is all", /read_mode/, 0],
  ])("where %s", (_, biases, value) => {
    for (const kind of ["random", "onehot", "tied"] as const) {
      for (const [writeHeads, readHeads] of [
        [1, 4],
        [2, 3],
      ]) {
        const core = new Dnc({ ...TINY, writeHeads, readHeads });
        setBiases(core, biases, value);
        if (value === 0) setFirstMode(core);
        const { name, difference } = differenceOf(core, kind === "tied" ? 2 : 3, 2, kind);
        expect(difference, name).toBeLessThan(1e-4);
      }
    }
  });

  it("where strengths are huge, so that a head selects one slot", () => {
    const core = new Dnc({ ...TINY, writeHeads: 2 });
    setBiases(core, /strengths/, 1e5);
    const { name, difference } = differenceOf(core, 1, 3, "random");
    expect(difference, name).toBeLessThan(1e-3);
  });

  it("where the controller saturates", () => {
    for (const controller of ["lstm", "feed-forward"] as const) {
      const core = new Dnc({ ...TINY, controller });
      const { name, difference } = differenceOf(core, 3, 2, "random", 1, 1000);
      expect(difference, name).toBeLessThan(2e-5);
    }
  });
});

/** Makes every read head follow its first mode only. */
function setFirstMode(core: Dnc): void {
  const { writeHeads, readHeads } = core.config;
  const mode = [60, ...new Array<number>(2 * writeHeads).fill(0)];
  for (const { name, variable } of core.variables)
    if (name.endsWith("read_mode/b")) variable.assign(tf.tile(tf.tensor1d(mode), [readHeads]));
}

describe("a sequence as one op", () => {
  it("is NaN where its inputs are NaN, like a loop of steps", () => {
    for (const controller of ["lstm", "feed-forward"] as const) {
      for (const clipValue of [20, 0]) {
        const core = new Dnc({ ...TINY, controller, clipValue });
        const inputs = tf.tensor3d([1, Number.NaN, 0, 1, 2, 3], [1, 2, 3]);
        const [fused, reference] = [unroll, composed].map((run) => run(core, inputs).outputs.dataSync());
        expect(Array.from(reference, Number.isNaN)).toEqual([true, true, false, false]);
        expect(Array.from(fused, Number.isNaN)).toEqual([true, true, false, false]);
      }
    }
  });

  it("is the same in one run and in two parts", () => {
    const core = new Dnc({ ...TINY, writeHeads: 2 });
    const inputs = normal([5, 3, 3], 1) as tf.Tensor3D;
    const state = makeState(core, 3, "random", 1);
    const halves = (own: Dnc, sequence: tf.Tensor3D, before?: ReturnType<typeof makeState>) => {
      const first = unroll(own, tf.slice(sequence, 0, 2), before);
      const second = unroll(own, tf.slice(sequence, 2), first.finalState);
      return { outputs: tf.concat([first.outputs, second.outputs]) as tf.Tensor3D, finalState: second.finalState };
    };
    const [whole, parts] = [unroll, halves].map((run) => results(run, core, inputs, state));
    const { name, difference } = distance(parts, whole);
    expect(difference, name).toBeLessThan(2e-5);
  });

  it("supports a single step", () => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal([3, 3], 1) as tf.Tensor2D, makeState(core, 3, "random", 1)];
    const [fused, reference] = [core.step(inputs, state), core.step(inputs, state, { trace: true })];
    expect(fused.output).toBeAllClose(reference.output);
    expect(fused.state.access.linkage.link).toBeAllClose(reference.state.access.linkage.link);
  });

  it("accepts integers", () => {
    const core = new Dnc(TINY);
    const inputs = tf.tensor3d([1, 0, 2, 0, 1, 0], [2, 1, 3], "int32");
    expect(unroll(core, inputs).outputs).toBeAllClose(unroll(core, tf.cast(inputs, "float32")).outputs);
  });
});
