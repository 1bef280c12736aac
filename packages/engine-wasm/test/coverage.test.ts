import { unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isCovered } from "../src/index.js";
import { Network } from "../src/network.js";
import { composed, Dnc, distance, makeState, normal, results, TINY } from "./support.js";

const runs = vi.spyOn(Network.prototype, "run");

afterEach(() => {
  runs.mockClear();
});

type Controller = NonNullable<ConstructorParameters<typeof Dnc>[0]["controller"]>;

/** Shows the memory what it sees itself. */
const transparent: Controller = ({ inputSize }) => ({
  inputSize,
  outputSize: inputSize,
  variables: [],
  initialState: () => ({}),
  step: (inputs, state) => ({ output: tf.clone(inputs), state }),
  dispose() {},
});

describe("isCovered", () => {
  it("is so for the LSTM of any depth and for the controller without a past", () => {
    for (const controller of ["lstm", "deep-lstm", "feed-forward"] as const)
      expect(isCovered(new Dnc({ ...TINY, controller }))).toBe(true);
    expect(isCovered(new Dnc({ ...TINY, controller: "deep-lstm", layers: 32 }))).toBe(true);
    for (const controller of ["gru" as const, transparent])
      expect(isCovered(new Dnc({ ...TINY, controller }))).toBe(false);
  });
});

describe("a core that the engine does not cover", () => {
  it("runs step by step with the same numbers, and that is said once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const cores = (["gru", transparent] as const).map((controller) => new Dnc({ ...TINY, controller, writeHeads: 2 }));
    for (const core of [...cores, ...cores]) {
      tf.tidy(() => {
        const inputs = normal([3, 2, 3], 1) as tf.Tensor3D;
        const state = makeState(core, 2, "random", 1);
        const [own, reference] = [unroll, composed].map((run) => results(run, core, inputs, state));
        const { name, difference } = distance(own, reference);
        expect(difference, name).toBeLessThan(2e-5);
        const now = tf.squeeze(tf.slice(inputs, 0, 1), [0]) as tf.Tensor2D;
        expect(core.step(now, state).output).toBeAllClose(core.step(now, state, { trace: true }).output);
      });
    }
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      '@dnc/core: the fused kernel does not cover the controller "gru"; such a core runs step by step.',
    ]);
    warn.mockRestore();
  });
});

describe("a core that the engine covers", () => {
  it("is run by it, but for its trace", () => {
    const core = new Dnc(TINY);
    const inputs = normal([3, 2, 3], 1) as tf.Tensor3D;
    unroll(core, inputs);
    core.step(tf.zeros([2, 3]), core.initialState(2));
    expect(runs).toHaveBeenCalledTimes(2);
    unroll(core, inputs, undefined, { trace: true });
    expect(runs).toHaveBeenCalledTimes(2);
  });

  it("is refused with the same words as step by step where shapes do not fit", () => {
    const core = new Dnc(TINY);
    const state = core.initialState(2);
    for (const run of [unroll, composed]) {
      expect(() => run(core, tf.zeros([3, 2, 4]), state)).toThrow(RangeError);
      expect(() => run(core, tf.zeros([3, 1, 3]), state)).toThrow(RangeError);
    }
    expect(runs).not.toHaveBeenCalled();
  });
});
