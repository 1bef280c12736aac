import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { mapNested } from "../src/state.js";
import { unroll } from "../src/unroll.js";
import { bitsOf, CONTROLLERS, normal, randomState, tensorsIn } from "./support.js";

const RUNS = { seed: 1, numRuns: 15 };

const size = (max: number) => fc.integer({ min: 1, max });

/** Networks of all shapes, and the sizes of their inputs. */
const cases = fc
  .record({
    inputSize: size(4),
    outputSize: size(4),
    memorySize: size(7),
    wordSize: size(5),
    readHeads: size(3),
    writeHeads: size(3),
    hiddenSize: size(8),
    controller: fc.constantFrom(...CONTROLLERS),
    clipValue: fc.constantFrom(0, 0.2, 20),
    seed: fc.nat(1000),
  })
  .chain((config) => fc.record({ config: fc.constant(config), time: size(4), batch: fc.integer({ min: 2, max: 3 }) }));

/** Runs a property in a tidy. */
const check = (property: (core: Dnc, time: number, batch: number, seed: number) => void) =>
  fc.assert(
    fc.property(cases, ({ config, time, batch }) => {
      const core = new Dnc(config);
      tf.tidy(() => property(core, time, batch, config.seed));
      core.dispose();
    }),
    RUNS,
  );

describe("a DNC of any shape", () => {
  it("has finite outputs, states and gradients, even for large inputs", () => {
    check((core, time, batch, seed) => {
      const inputs = normal<tf.Rank.R3>([time, batch, core.config.inputSize], seed, 30);
      expect(bitsOf(unroll(core, inputs)).flat().every(Number.isFinite)).toBe(true);
      const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(unroll(core, inputs).outputs)));
      expect(bitsOf([value, grads]).flat().every(Number.isFinite)).toBe(true);
    });
  });

  it("has usage and weights within their bounds", () => {
    check((core, time, batch, seed) => {
      const inputs = normal<tf.Rank.R3>([time, batch, core.config.inputSize], seed);
      const { access } = unroll(core, inputs, randomState(core, batch, seed)).finalState;
      const { readWeights, writeWeights, linkage, usage } = access;
      const weights = [usage, readWeights, writeWeights, linkage.precedenceWeights, linkage.link];
      const sums = [readWeights, writeWeights, linkage.precedenceWeights].map((tensor) => tf.sum(tensor, -1));
      for (const value of bitsOf([weights, sums]).flat()) {
        expect(value).toBeGreaterThanOrEqual(-1e-6);
        expect(value).toBeLessThanOrEqual(1 + 1e-6);
      }
    });
  });

  it("treats each sequence of a batch as if it were alone", () => {
    check((core, time, batch, seed) => {
      const shape = [time, batch, core.config.inputSize] as [number, number, number];
      const [inputs, others] = [normal<tf.Rank.R3>(shape, seed), normal<tf.Rank.R3>(shape, seed + 7)];
      const [state, otherState] = [randomState(core, batch, seed), randomState(core, batch, seed + 7)];
      const first = <T extends tf.Tensor>(tensor: T, axis: number) =>
        tf.slice(tensor, 0, axis ? [tensor.shape[0], 1] : 1);
      const rest = (tensor: tf.Tensor, axis: number) =>
        tf.slice(tensor, axis ? [0, 1] : 1, axis ? [tensor.shape[0], batch - 1] : batch - 1);
      const mixed = tf.concat([first(inputs, 1), rest(others, 1)], 1) as tf.Tensor3D;
      const mixedState = withTensors(state, (tensor, index) =>
        tf.concat([first(tensor, 0), rest(tensorsIn(otherState)[index], 0)]),
      );
      const [run, mixedRun] = [unroll(core, inputs, state), unroll(core, mixed, mixedState)];
      expect(bitsOf([first(mixedRun.outputs, 1)])).toEqual(bitsOf([first(run.outputs, 1)]));
      for (const [index, tensor] of tensorsIn(mixedRun.finalState).entries())
        expect(bitsOf([first(tensor, 0)])).toEqual(bitsOf([first(tensorsIn(run.finalState)[index], 0)]));
      const gradient = tf.grad((x) => tf.sum(first(unroll(core, x as tf.Tensor3D, state).outputs, 1)))(inputs);
      expect(
        bitsOf([rest(gradient, 1)])
          .flat()
          .every((value) => value === 0),
      ).toBe(true);
    });
  });

  it("does not depend on the order of slots", () => {
    check((core, time, batch, seed) => {
      const { memorySize, inputSize } = core.config;
      const inputs = normal<tf.Rank.R3>([time, batch, inputSize], seed);
      const state = randomState(core, batch, seed);
      const order = Array.from(tf.topk(normal([memorySize], seed), memorySize).indices.dataSync());
      const [run, permuted] = [unroll(core, inputs, state), unroll(core, inputs, withSlots(state, order))];
      expect(permuted.outputs).toBeAllClose(run.outputs, { absolute: 1e-5, relative: 1e-4 });
      for (const [index, tensor] of tensorsIn(withSlots(run.finalState, order)).entries())
        expect(tensorsIn(permuted.finalState)[index]).toBeAllClose(tensor, { absolute: 1e-5, relative: 1e-4 });
    });
  });
});

/** Replaces each tensor of a state. */
function withTensors(state: DncState, replace: (tensor: tf.Tensor, index: number) => tf.Tensor): DncState {
  let index = 0;
  return mapNested<tf.Tensor, tf.Tensor>(state, (tensor) => replace(tensor, index++)) as DncState;
}

/** Reorders the slots of a state. */
function withSlots(state: DncState, order: number[]): DncState {
  const { memory, readWeights, writeWeights, linkage, usage } = state.access;
  const along = <T extends tf.Tensor>(tensor: T, axis: number): T => tf.gather(tensor, order, axis);
  return {
    ...state,
    access: {
      memory: along(memory, 1),
      readWeights: along(readWeights, 2),
      writeWeights: along(writeWeights, 2),
      linkage: {
        link: along(along(linkage.link, 2), 3),
        precedenceWeights: along(linkage.precedenceWeights, 2),
      },
      usage: along(usage, 1),
    },
  };
}
